// Owns what screens ask of the room: which incidents there are, in which order, and what is under way in one.
import { own } from '../incident/own.ts';
import { type Action, type Incident, isOpen, ledgerOf, type Room } from '../incident/state.ts';
import { type ActionId, type IncidentId, SEVERITIES } from '../incident/words.ts';
import { remembered } from './remembered.ts';

const rank = (incident: Incident): number =>
  (incident.phase === 'closed' ? 20 : incident.phase === 'resolved' ? 10 : 0) + SEVERITIES.indexOf(incident.severity);

const byUrgency = remembered((incidents: Room['incidents']): readonly Incident[] =>
  Object.values(incidents)
    .map((incident) => ({ incident, rank: rank(incident) }))
    .sort((a, b) => a.rank - b.rank || (a.incident.declaredAt < b.incident.declaredAt ? 1 : -1))
    .map(({ incident }) => incident),
);

const unclosed = remembered((incidents: Room['incidents']): readonly Incident[] =>
  byUrgency(incidents).filter((incident) => incident.phase !== 'closed'),
);

const open = remembered((incidents: Room['incidents']): readonly Incident[] => byUrgency(incidents).filter(isOpen));

/** Open ones first, the most urgent first, the newest first among equals; then resolved, then closed. */
export const incidentsByUrgency = ({ incidents }: Room): readonly Incident[] => byUrgency(incidents);

/** Incidents somebody still has to do something about. */
export const unclosedIncidents = ({ incidents }: Room): readonly Incident[] => unclosed(incidents);

export const openIncidents = ({ incidents }: Room): readonly Incident[] => open(incidents);

export const shownIncident = (room: Room, chosen: IncidentId | null): Incident | null => {
  const incident = chosen === null ? undefined : own(room.incidents, chosen);
  return incident ?? unclosedIncidents(room)[0] ?? null;
};

export const findAction = (room: Room, id: string): Action | null => {
  for (const incident of Object.values(room.incidents)) {
    const action = own(incident.actions, id);
    if (action !== undefined) return action;
  }
  return null;
};

const numberOf = (action: Action): number => Number.parseInt(action.id.slice(1), 10) || 0;

const newestFirst = (actions: readonly Action[]): readonly Action[] =>
  [...actions].sort((a, b) => numberOf(b) - numberOf(a));

const ledgerIn = remembered((incident: Incident): readonly Action[] => newestFirst(ledgerOf(incident)));

/** What can be taken back, newest first. */
export const undoable = (incident: Incident): readonly Action[] =>
  ledgerIn(incident).filter((action) => action.state.name === 'applied' || action.state.name === 'unknown');

/** The ledger, newest first. */
export const ledgerNewestFirst = (incident: Incident): readonly Action[] => ledgerIn(incident);

const underWay: ReadonlySet<Action['state']['name']> = new Set([
  'requested',
  'planned',
  'armed',
  'confirmed',
  'started',
]);

const underWayIn = remembered((actions: Incident['actions']): readonly Action[] =>
  newestFirst(Object.values(actions).filter((action) => underWay.has(action.state.name))),
);

/** Asked for and not over, newest first; includes undos. */
export const actionsUnderWay = ({ actions }: Incident): readonly Action[] => underWayIn(actions);

export const armedActions = (incident: Incident): readonly Action[] =>
  actionsUnderWay(incident).filter((action) => action.state.name === 'armed');

const lastIn = remembered(
  (actions: Incident['actions']): Action | null => newestFirst(Object.values(actions))[0] ?? null,
);

/** The one to look at: armed, else under way, else the last. */
export const actionToView = (incident: Incident): Action | null =>
  armedActions(incident)[0] ?? actionsUnderWay(incident)[0] ?? lastIn(incident.actions);

/** The containment whose undo found that somebody had changed it since; null for every other action. */
export const conflictedUndoOf = ({ undoes, state }: Action): ActionId | null =>
  state.name === 'refused' && state.reason === 'conflict' ? undoes : null;

/** `circuit-breaker on checkout`, or the undo of it. */
export const actionTitle = (action: Action): string =>
  action.undoes === null
    ? `${action.name} on ${action.service}`
    : `undo ${action.undoes}: ${action.name} on ${action.service}`;
