// Owns what keys do in the room itself.
import type { Incident } from '../incident/state.ts';
import type { Binding, BindingId } from './binding.ts';
import { cardFor, DEAD_TIME_MS, type Dialog, onScreen } from './dialog.ts';
import { bindingFor } from './keymap.ts';
import { type Key, motionsIn } from './keys.ts';
import { actionToView, incidentsByUrgency, unclosedIncidents, undoable } from './select.ts';
import {
  hint,
  incidentOf,
  keySituation,
  moved,
  opened,
  type Situation,
  type Step,
  say,
  sending,
  stay,
  type Ui,
} from './ui.ts';

export const pressInRoom = (ui: Ui, key: Key, situation: Situation): Step => {
  const motions = motionsIn(key);
  if (motions.length > 0) {
    const bounds = { max: situation.maxScroll, page: situation.page };
    return stay({ ...ui, scroll: motions.reduce((at, motion) => moved(at, motion, bounds), ui.scroll) });
  }
  if (key.name === 'chunk') return hint(ui, 'several keys at once do nothing here: press one', situation);
  if (key.name === 'escape')
    return stay({ ...ui, notice: null, incident: isClosed(ui, situation) ? null : ui.incident });
  if (key.name !== 'character') return stay(ui);
  const binding = bindingFor('room', key.character);
  return binding === undefined ? stay(ui) : perform(ui, binding, situation);
};

const isClosed = (ui: Ui, situation: Situation): boolean => incidentOf(ui, situation)?.phase === 'closed';

/** Does what a key of the room does, or says why not. */
export const perform = (ui: Ui, binding: Binding, situation: Situation): Step => {
  const reason = binding.disabledReason(keySituation(ui, situation));
  if (reason !== null) return stay(say(ui, 'refused', `${binding.title}: ${reason}`, situation));
  switch (binding.id) {
    case 'quit':
      return { ui, effects: [{ type: 'quit' }] };
    case 'help':
      return stay(opened(ui, { name: 'help', top: 0 }));
    case 'incidents':
      return stay(opened(ui, onScreen('incidents', { cursor: cursorOn(ui, situation) })));
    case 'palette':
      return stay(opened(ui, { name: 'palette', text: '', cursor: 0 }));
    case 'filter':
      return stay(opened(ui, onScreen('timeline', { isFiltering: true })));
    case 'roles-screen':
      return stay(opened(ui, onScreen('roles')));
    case 'timeline':
    case 'summary':
    case 'ledger':
    case 'services':
    case 'silences':
    case 'sources':
    case 'agent':
      return stay(opened(ui, onScreen(binding.id)));
    case 'declare':
      return stay(opened(ui, { name: 'menu', menu: { kind: 'declare-service' }, cursor: 0 }));
    case 'previous':
      return stay(step(ui, -1, situation));
    case 'next':
      return stay(step(ui, 1, situation));
    default: {
      const incident = incidentOf(ui, situation);
      return incident === null ? stay(ui) : performOn(ui, binding.id, { incident, situation });
    }
  }
};

interface On {
  readonly incident: Incident;
  readonly situation: Situation;
}

const performOn = (ui: Ui, id: BindingId, { incident, situation }: On): Step => {
  const of = { incident: incident.id };
  const open = (dialog: Dialog): Step => stay(opened(ui, dialog));
  const menu = (kind: 'contain' | 'undo' | 'roles', cursor = 0): Step =>
    open({ name: 'menu', menu: { kind, ...of }, cursor });
  const readyAtMs = situation.localMs + DEAD_TIME_MS;
  switch (id) {
    case 'acknowledge':
      return sending(ui, { type: 'acknowledge', ...of });
    case 'contain':
      return menu('contain');
    case 'undo':
      return undo(ui, { incident, situation });
    case 'view': {
      const action = actionToView(incident);
      return action === null ? stay(ui) : open(cardFor(action, situation));
    }
    case 'roles':
      return menu('roles');
    case 'note':
      return open({ name: 'entry', purpose: { kind: 'note', ...of }, text: '' });
    case 'severity':
      // The mark starts on what is: Enter at once changes nothing.
      return open({ name: 'menu', menu: { kind: 'severity', ...of }, cursor: Number(incident.severity.slice(3)) - 1 });
    case 'phase':
      return open({ name: 'menu', menu: { kind: 'phase', ...of }, cursor: phaseCursor(incident) });
    case 'title':
      return open({ name: 'entry', purpose: { kind: 'title', ...of }, text: incident.title });
    case 'resolve':
      return open({ name: 'ask', question: { kind: 'resolve', ...of }, readyAtMs, refusal: null });
    case 'close':
      return open({ name: 'ask', question: { kind: 'close', ...of }, readyAtMs, refusal: null });
    case 'false-alarm':
      return open({ name: 'entry', purpose: { kind: 'false-alarm', ...of }, text: '' });
    case 'reopen':
      return open({ name: 'entry', purpose: { kind: 'reopen', ...of }, text: '' });
    default:
      return stay(ui);
  }
};

const phaseCursor = (incident: Incident): number =>
  Math.max(0, ['triage', 'containment', 'mitigation', 'recovery'].indexOf(incident.phase));

const undo = (ui: Ui, { incident }: On): Step => {
  const entries = undoable(incident);
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only !== undefined) return sending(ui, { type: 'undo', action: only.id, arm: true });
  return stay(opened(ui, { name: 'menu', menu: { kind: 'undo', incident: incident.id }, cursor: 0 }));
};

const cursorOn = (ui: Ui, situation: Situation): number => {
  const shown = incidentOf(ui, situation);
  return Math.max(
    0,
    incidentsByUrgency(situation.view.room).findIndex((incident) => incident.id === shown?.id),
  );
};

const step = (ui: Ui, by: 1 | -1, situation: Situation): Ui => {
  const incidents = unclosedIncidents(situation.view.room);
  const shown = incidentOf(ui, situation);
  const at = incidents.findIndex((incident) => incident.id === shown?.id);
  const next = incidents[(at + by + incidents.length) % incidents.length];
  return next === undefined ? ui : { ...ui, incident: next.id, scroll: 0, notice: null };
};
