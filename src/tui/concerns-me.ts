// Owns what is one person's business among all the news: the reason to ring their bell.
import type { RoomView } from '../client/room-client.ts';
import type { Incident } from '../incident/state.ts';
import type { Severity } from '../incident/words.ts';
import { type Fact, newFacts } from './new-facts.ts';
import { actionTitle } from './select.ts';
import { roleWords } from './sentences.ts';

/** What of the news between two looks is this person's business; null when nothing is. Never their own doing, nothing on joining. */
export const concernsMe = (before: RoomView, after: RoomView): string | null => {
  for (const fact of newFacts(before, after)) {
    const concern = concernOf(fact, after.me);
    if (concern !== null) return concern;
  }
  return null;
};

/** Why this fact is the business of `me`, in words; null where it is not. */
export const concernOf = ({ incident, entry }: Fact, me: string): string | null => {
  const { actor, event } = entry;
  if (actor.kind === 'person' && actor.name === me) return null;
  switch (event.type) {
    case 'page.requested':
      return event.contact === me ? `${event.kind} for you: ${incident.severity} ${incident.title}` : null;
    case 'action.armed':
      return waitsForMe(incident, event.action, me);
    case 'role.assigned':
      return event.person === me ? `${actor.name} gave you ${roleWords[event.role]}` : null;
    case 'incident.declared':
      return isGrave(event.severity) ? `${event.severity} declared: ${event.title}` : null;
    case 'severity.raised':
      return isGrave(event.to) ? `raised to ${event.to}: ${incident.title}` : null;
    case 'incident.reopened':
      return isGrave(incident.severity) ? `${incident.severity} reopened: ${incident.title}` : null;
    default:
      return null;
  }
};

const isGrave = (severity: Severity): boolean => severity === 'SEV1' || severity === 'SEV2';

/** An arm that a second person confirms, as long as it waits. */
const waitsForMe = (incident: Incident, id: string, me: string): string | null => {
  const action = incident.actions[id];
  if (action?.confirm !== 'two-person' || action.state.name !== 'armed' || action.state.by === me) return null;
  return `${action.state.by} waits for a second person to confirm ${action.id}: ${actionTitle(action)}`;
};
