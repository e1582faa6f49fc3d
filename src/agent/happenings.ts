// Owns which facts of the room are lines of the agent's own log: kinds and ids, never words that somebody said, for an incident may be private.
import type { Commit } from '../incident/commit.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { AgentLog, LogFields } from './agent-log.ts';

type Told = 'info' | 'warn' | 'error';

const LEVELS: { readonly [Type in IncidentEvent['type']]?: Told } = {
  'clock.jumped': 'warn',
  'agent.stalled': 'warn',
  'false_alarm.ended': 'info',
  'log.resumed': 'warn',
  'token.added': 'info',
  'token.revoked': 'info',
  'test.failed': 'warn',
  'incident.declared': 'info',
  'severity.raised': 'info',
  'severity.lowered': 'info',
  'phase.entered': 'info',
  'incident.acknowledged': 'info',
  'acknowledgement.expired': 'info',
  'escalation.level_reached': 'info',
  'response.missed': 'warn',
  'page.failed': 'warn',
  'message.failed': 'warn',
  'action.confirmed': 'info',
  'action.applied': 'info',
  'action.undone': 'info',
  'action.let_go': 'info',
  'action.failed': 'error',
  'action.unknown': 'error',
  'incident.resolved': 'info',
  'incident.reopened': 'info',
  'incident.closed': 'info',
};

/** Tells the facts of a commit that whoever runs the agent wants to find in its log. */
export const tellHappenings = (agentLog: AgentLog, { seq, events }: Pick<Commit, 'seq' | 'events'>): void => {
  for (const event of events) {
    const level = isGivenUp(event) ? 'error' : LEVELS[event.type];
    if (level !== undefined) agentLog[level](event.type, { ...fieldsOf(event), seq });
  }
};

/** It is not tried again: somebody was not reached. */
const isGivenUp = (event: IncidentEvent): boolean =>
  (event.type === 'page.failed' || event.type === 'message.failed') && event.retryAt === null;

const fieldsOf = (event: IncidentEvent): LogFields => ({
  ...('incident' in event ? { incident: event.incident } : {}),
  ...('action' in event ? { action: event.action } : {}),
  ...('page' in event ? { page: event.page } : {}),
  ...('message' in event && event.type === 'message.failed' ? { page: event.message } : {}),
});
