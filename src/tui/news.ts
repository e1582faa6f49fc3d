// Owns what the screen says by itself when the room changed: outcomes of actions, the end of the shown incident, an armed card.

import { own } from '../incident/own.ts';
import { type Action, type Incident, isOpen } from '../incident/state.ts';
import { MINUTE, toEpochMs } from '../incident/time.ts';
import { DEAD_TIME_MS } from './dialog.ts';
import { age, percent } from './format.ts';
import { actionTitle, findAction, unclosedIncidents } from './select.ts';
import { failureWords } from './sentences.ts';
import { incidentOf, type Notice, type Situation, say, type Ui } from './ui.ts';

export const noticed = (ui: Ui, situation: Situation): Ui => {
  const { agent, room } = situation.view;
  // Before the agent said anything there is nothing to compare with later.
  if (ui.seen === room || agent === null) return ui;
  const told = ui.seen === null ? withLateness(ui, situation) : withOutcome(ui, situation);
  return { ...withCardArmed(withIncident(told, situation), situation), seen: room };
};

const LATE_MS = 2 * MINUTE;

/** Whoever joins in the middle is told where to read what happened. */
const withLateness = (ui: Ui, situation: Situation): Ui => {
  const incident = incidentOf(ui, situation);
  if (incident === null || !isOpen(incident)) return ui;
  const lateMs = situation.now - toEpochMs(incident.declaredAt);
  return lateMs <= LATE_MS ? ui : say(ui, 'hint', `you come ${age(lateMs)} in: w tells what happened`, situation);
};

// The one shown stays until a person moves on, or it was closed under their eyes.
const withIncident = (ui: Ui, situation: Situation): Ui => {
  const { room } = situation.view;
  const before = ui.incident === null || ui.seen === null ? undefined : own(ui.seen.incidents, ui.incident);
  const shown = incidentOf(ui, situation);
  if (shown === null) return ui;
  if (shown.phase === 'closed' && before !== undefined && before.phase !== 'closed') {
    const told = say(ui, 'done', `${shown.id} is closed${shown.falseAlarm ? ' as a false alarm' : ''}`, situation);
    return { ...told, incident: unclosedIncidents(room)[0]?.id ?? null, scroll: 0 };
  }
  return { ...ui, incident: shown.id };
};

/** The dead time begins when the arm is first seen here, whoever armed it. */
const withCardArmed = (ui: Ui, situation: Situation): Ui => {
  if (ui.dialog?.name !== 'card') return ui;
  const action = findAction(situation.view.room, ui.dialog.action);
  const isArmed = action?.state.name === 'armed';
  if (isArmed === ui.dialog.isArmed) return ui;
  if (!isArmed) return { ...ui, dialog: { ...ui.dialog, isArmed: false, isTyping: false } };
  const isTyping = action?.confirm === 'typed';
  return {
    ...ui,
    dialog: { ...ui.dialog, isArmed: true, isTyping, typed: '', readyAtMs: situation.localMs + DEAD_TIME_MS },
  };
};

const withOutcome = (ui: Ui, situation: Situation): Ui => {
  const incident = incidentOf(ui, situation);
  if (incident === null) return ui;
  const before = ui.seen === null ? undefined : own(ui.seen.incidents, incident.id);
  const changed = Object.values(incident.actions).filter(
    (action) => before?.actions[action.id]?.state.name !== action.state.name,
  );
  const outcome = changed.map((action) => outcomeOf(action, incident)).findLast((told) => told !== null) ?? null;
  return outcome === null ? ui : say(ui, outcome.tone, outcome.text, situation);
};

type Outcome = Pick<Notice, 'tone' | 'text'>;

const outcomeOf = (action: Action, incident: Incident): Outcome | null => {
  const { state } = action;
  const title = actionTitle(action);
  switch (state.name) {
    case 'applied':
      return action.undoes === null
        ? {
            tone: 'done',
            text: `${action.id} applied: ${title}, errors were ${percent(state.errorRatioBefore)}   u undo`,
          }
        : {
            tone: 'done',
            text: `${action.undoes} is taken back: ${incident.actions[action.undoes]?.name ?? action.name} on ${action.service}`,
          };
    case 'failed':
      return { tone: 'trouble', text: `${action.id} FAILED: ${title}, ${failureWords[state.reason]}` };
    case 'refused':
      return { tone: 'trouble', text: `${action.id} REFUSED: ${title}, ${failureWords[state.reason]}` };
    case 'unknown':
      return { tone: 'trouble', text: `${action.id} UNKNOWN: ${title}; look before you do more` };
    case 'let-go':
      return { tone: 'done', text: `${action.id} let go by ${state.by}: ${title} stays as it is` };
    case 'disarmed':
      return { tone: 'hint', text: `${action.id} ${state.reason}: nothing was done` };
    default:
      return null;
  }
};
