// Owns what keys do on an action's card. Only `y`, alone, and not in the first moments, confirms.
import type { Action } from '../incident/state.ts';
import { type Card, DEAD_TIME_MS } from './dialog.ts';
import { connectionReason } from './key-reasons.ts';
import { type Key, motionsIn } from './keys.ts';
import { pressInRoom } from './room-keys.ts';
import { conflictedUndoOf, findAction } from './select.ts';
import { edit } from './text-field.ts';
import { back, closed, hint, moved, opened, type Situation, type Step, say, stay, type Ui } from './ui.ts';

/** Nothing more comes of it. */
export const isOver = (action: Action): boolean =>
  !['requested', 'planned', 'armed', 'confirmed', 'started'].includes(action.state.name);

interface Press {
  readonly key: Key;
  readonly situation: Situation;
}

export const pressOnCard = (ui: Ui, card: Card, press: Press): Step => {
  const action = findAction(press.situation.view.room, card.action);
  if (card.isTyping && action !== null) return typing(ui, card, { ...press, action });
  const motions = motionsIn(press.key);
  if (motions.length > 0) {
    const bounds = { max: press.situation.maxScroll, page: press.situation.page };
    return stay({
      ...ui,
      dialog: { ...card, top: motions.reduce((at, motion) => moved(at, motion, bounds), card.top) },
    });
  }
  switch (press.key.name) {
    case 'character':
      return character(ui, card, { ...press, action, character: press.key.character });
    case 'escape':
      return action !== null && isMine(action, press.situation) ? cancel(ui, action, press.situation) : stay(back(ui));
    case 'left':
      return stay(back(ui));
    case 'enter':
      return action !== null && isOver(action)
        ? stay(back(ui))
        : hint(ui, 'Enter never confirms: y does, alone', press.situation);
    case 'tab':
      return action !== null && needsName(action, card)
        ? stay({ ...ui, dialog: { ...card, isTyping: true } })
        : stay(ui);
    case 'chunk':
      return hint(ui, 'several keys at once do nothing here: press y alone', press.situation);
    default:
      return stay(ui);
  }
};

const needsName = (action: Action, card: Card): boolean =>
  action.state.name === 'armed' && action.confirm === 'typed' && card.typed !== action.service;

const typing = (ui: Ui, card: Card, { key, action, situation }: Press & { readonly action: Action }): Step => {
  if (key.name === 'tab') return left(ui, card, { action, situation });
  const edited = edit(card.typed, key, 200);
  switch (edited.name) {
    case 'text': {
      const changed = { ...card, typed: edited.text };
      return edited.entered ? left(ui, changed, { action, situation }) : stay({ ...ui, dialog: changed });
    }
    case 'left':
      return isMine(action, situation) ? cancel(ui, action, situation) : stay(closed(ui));
    case 'ignored':
      return stay(ui);
    default:
      return edited satisfies never;
  }
};

const left = (
  ui: Ui,
  card: Card,
  { action, situation }: { readonly action: Action; readonly situation: Situation },
): Step =>
  card.typed === action.service
    ? stay({
        ...ui,
        notice: null,
        dialog: { ...card, isTyping: false, readyAtMs: Math.max(card.readyAtMs, situation.localMs + DEAD_TIME_MS) },
      })
    : stay({ ...say(ui, 'refused', `that is not the name: type ${action.service}`, situation), dialog: card });

const isMine = (action: Action, { view }: Situation): boolean =>
  action.state.name === 'armed' ? action.state.by === view.me : action.requestedBy === view.me;

const isCancellable = (action: Action): boolean => ['requested', 'planned', 'armed'].includes(action.state.name);

const cancel = (ui: Ui, action: Action, situation: Situation): Step => {
  if (!isCancellable(action)) return stay(closed(ui));
  const reason = connectionReason(situation);
  // The arm runs out by itself; nobody is kept on the card by a dead connection.
  if (reason !== null) return stay(say(closed(ui), 'refused', `cancel ${action.id}: ${reason}`, situation));
  return { ui: closed(ui), effects: [{ type: 'send', command: { type: 'disarm', action: action.id } }] };
};

interface CharacterPress extends Press {
  readonly action: Action | null;
  readonly character: string;
}

const character = (ui: Ui, card: Card, press: CharacterPress): Step => {
  const { action, situation } = press;
  switch (press.character) {
    case 'h':
    case 'q':
      return stay(back(ui));
    case 'y':
      return action === null ? stay(ui) : confirm(ui, card, { action, situation });
    case 'x':
      return action === null ? stay(closed(ui)) : cancel(ui, action, situation);
    case 'A':
      return action?.state.name === 'planned' ? asked(ui, { type: 'arm', action: action.id }, situation) : stay(ui);
    case 'u': {
      const again = action === null ? null : conflictedUndoOf(action);
      return again === null
        ? roomKey(ui, press)
        : asked(closed(ui), { type: 'undo', action: again, arm: true }, situation);
    }
    case '?':
      return stay(opened(ui, { name: 'help', top: 0 }));
    default:
      return roomKey(ui, press);
  }
};

/** What is over holds nobody: the room's keys work from its card. */
const roomKey = (ui: Ui, { key, action, situation }: CharacterPress): Step =>
  action === null || isOver(action) ? pressInRoom(closed(ui), key, situation) : stay(ui);

const asked = (
  ui: Ui,
  command: Extract<Step['effects'][number], { type: 'send' }>['command'],
  situation: Situation,
): Step => {
  const reason = connectionReason(situation);
  return reason === null
    ? { ui, effects: [{ type: 'send', command }] }
    : stay(say(ui, 'refused', `not now: ${reason}`, situation));
};

const confirm = (
  ui: Ui,
  card: Card,
  { action, situation }: { readonly action: Action; readonly situation: Situation },
): Step => {
  if (action.state.name !== 'armed')
    return hint(ui, `${action.id} is ${action.state.name}: nothing to confirm`, situation);
  if (!card.isArmed || situation.localMs < card.readyAtMs) {
    // A held key keeps pushing the moment away, so that it never confirms.
    const later = { ...card, readyAtMs: Math.max(card.readyAtMs, situation.localMs + DEAD_TIME_MS) };
    return hint({ ...ui, dialog: later }, 'too soon: look, then press y once', situation);
  }
  if (needsName(action, card))
    return stay({
      ...say(ui, 'refused', `type ${action.service} first`, situation),
      dialog: { ...card, isTyping: true },
    });
  if (action.confirm === 'two-person' && action.state.by === situation.view.me) {
    return stay(say(ui, 'refused', `you armed ${action.id}: a second person confirms`, situation));
  }
  const pushed = { ...ui, dialog: { ...card, readyAtMs: situation.localMs + DEAD_TIME_MS } };
  return asked(
    pushed,
    { type: 'confirm', action: action.id, typed: action.confirm === 'typed' ? card.typed : null },
    situation,
  );
};
