// Owns the ledger as a screen: every containment of every incident; Enter shows its card, u takes it back.
import { cardFor } from '../../dialog.ts';
import { findAction } from '../../select.ts';
import { opened, say, sent, stay } from '../../ui.ts';
import type { Screen } from '../screen.ts';
import { ledgerScreenRows } from './rows.ts';
import { idsOf, inPlaceCount, ledgerActions, ledgerRow } from './view-model.ts';

export const ledgerScreen: Screen = {
  title: ({ view }) => {
    const count = inPlaceCount(view.room);
    return `LEDGER ${count === 0 ? 'nothing is in place' : `${count} in place`}`;
  },
  items: ({ view, filter }) => idsOf(ledgerActions(view.room, filter)),
  pane: ({ view, now, cursor, filter }, size) => {
    const actions = ledgerActions(view.room, filter);
    const at = (index: number) => {
      const action = actions[index];
      return action === undefined ? null : ledgerRow(view, action, now);
    };
    return ledgerScreenRows({ count: actions.length, cursor, at }, size);
  },
  enter: 'view',
  press: (ui, { id, item, situation }) => {
    const action = item === null ? null : findAction(situation.view.room, item);
    if (action === null) return stay(ui);
    const there = { ...ui, incident: action.incident };
    if (id === 'open') return stay(opened(there, cardFor(action, situation)));
    if (id !== 'undo-marked') return stay(ui);
    const isInPlace = action.undoes === null && (action.state.name === 'applied' || action.state.name === 'unknown');
    return isInPlace
      ? sent(there, { type: 'undo', action: action.id, arm: true }, situation)
      : stay(say(ui, 'refused', `${action.id} is not in place: it is ${action.state.name}`, situation));
  },
  empty: ({ view, filter }) => {
    if (ledgerActions(view.room, filter).length > 0) return null;
    return filter === '' ? 'nothing was ever contained in this room' : 'no action is like that';
  },
};
