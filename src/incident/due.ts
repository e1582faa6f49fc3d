// Owns deadlines: what the state says is due, and when to look next. The agent's one scheduler asks nothing else.
import type { AgentCommand } from './commands.ts';
import { automaticIn, expiryDueAt } from './decide-action-outcome.ts';
import { nextLevel } from './escalation.ts';
import { isMissed } from './response.ts';
import { hasUntold } from './silences.ts';
import { type Incident, isOpen, type Room, type Silence } from './state.ts';
import type { Timestamp } from './time.ts';

export interface Deadline {
  readonly at: Timestamp;
  readonly command: AgentCommand;
}

/** Every deadline of the room, soonest first. Those not after now are due. */
export const deadlinesOf = (room: Room): readonly Deadline[] =>
  [
    ...Object.values(room.silences).flatMap(silenceDeadline),
    ...Object.values(room.incidents)
      .filter((incident) => incident.phase !== 'closed')
      .flatMap(deadlinesIn),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

const silenceDeadline = (silence: Silence): readonly Deadline[] => {
  const { id, endsAt, ended } = silence;
  if (ended === null) return [{ at: endsAt, command: { type: 'end-silence', silence: id } }];
  return hasUntold(silence) ? [{ at: ended.at, command: { type: 'tell-held', silence: id } }] : [];
};

const deadlinesIn = (incident: Incident): readonly Deadline[] => [
  ...responseDeadline(incident),
  ...ladderDeadlines(incident),
  ...actionDeadlines(incident),
];

const responseDeadline = (incident: Incident): readonly Deadline[] => {
  const { response } = incident;
  return isOpen(incident) && response !== null && isMissed(response, response.dueAt)
    ? [{ at: response.dueAt, command: { type: 'miss-response', incident: incident.id } }]
    : [];
};

const ladderDeadlines = (incident: Incident): readonly Deadline[] => {
  if (!isOpen(incident) || incident.escalation === null) return [];
  const { heldBy } = incident.escalation;
  if (heldBy !== null)
    return [{ at: heldBy.until, command: { type: 'expire-acknowledgement', incident: incident.id } }];
  const next = nextLevel(incident);
  return next === null
    ? []
    : [{ at: next.dueAt, command: { type: 'reach-level', incident: incident.id, level: next.level } }];
};

const actionDeadlines = (incident: Incident): readonly Deadline[] => {
  const automatic = automaticIn(incident);
  return Object.values(incident.actions).flatMap((action): readonly Deadline[] => {
    const { state } = action;
    if (state.name === 'armed' || state.name === 'confirmed')
      return [{ at: state.until, command: { type: 'expire-arm', action: action.id } }];
    const expiryAt = expiryDueAt(action, automatic);
    return expiryAt === null ? [] : [{ at: expiryAt, command: { type: 'expire-containment', action: action.id } }];
  });
};
