// Owns what the sinks are told: which facts are news to those outside of the room, and in which words.
import type { DecisionContext } from './decision.ts';
import type { Announced, IncidentEvent } from './events.ts';
import { type EventContext, evolve } from './evolve.ts';
import { own } from './own.ts';
import type { Action, Incident, Room } from './state.ts';
import { type SafeText, safeText } from './text.ts';
import type { IncidentId } from './words.ts';

/** The messages that go with what was just decided: one for each piece of news and sink. */
export const announcementsOf = (
  room: Room,
  events: readonly IncidentEvent[],
  { policy, now, actor }: DecisionContext,
): readonly IncidentEvent[] => {
  const sinks = Object.entries(policy.sinks);
  if (sinks.length === 0 || !events.some((event) => newsIn(event) !== null)) return [];
  const context: EventContext = { seq: 0, at: now, actor };
  const messages: IncidentEvent[] = [];
  let state = room;
  for (const event of events) {
    state = evolve(state, event, context);
    const about = newsIn(event);
    if (about === null || !('incident' in event)) continue;
    const incident = own(state.incidents, event.incident);
    if (incident === undefined || incident.people !== null || isHowItIsTakenBack(event, incident)) continue;
    const told = Object.keys(incident.messages).length;
    sinks.forEach(([sink, { channel }], index) => {
      const message: IncidentEvent = {
        type: 'message.queued',
        incident: incident.id,
        message: messageId(incident.id, told + index + 1, sink),
        sink,
        channel,
        about,
        text: wordsFor(about, { event, incident, by: actor.kind === 'agent' ? 'the room' : actor.name }),
      };
      state = evolve(state, message, context);
      messages.push(message);
    });
  }
  return messages;
};

/** Taking back is carried out like any containment; what is told is that it was taken back. */
const isHowItIsTakenBack = (event: IncidentEvent, incident: Incident): boolean =>
  event.type === 'action.applied' && (own(incident.actions, event.action)?.undoes ?? null) !== null;

const messageId = (incident: IncidentId, number: number, sink: string): string => `${incident}/M${number}/${sink}`;

const newsIn = (event: IncidentEvent): Announced | null => {
  switch (event.type) {
    case 'incident.declared':
      return 'declared';
    case 'severity.raised':
    case 'severity.lowered':
      return 'severity';
    case 'action.applied':
      return 'contained';
    case 'action.undone':
      return 'undone';
    case 'incident.resolved':
      return 'resolved';
    case 'incident.reopened':
      return 'reopened';
    case 'incident.closed':
      return event.falseAlarm ? 'false-alarm' : 'closed';
    default:
      return null;
  }
};

interface Told {
  readonly event: IncidentEvent;
  readonly incident: Incident;
  readonly by: string;
}

const LONGEST_TEXT = 400;

const wordsFor = (about: Announced, { event, incident, by }: Told): SafeText => {
  const what = `${incident.severity} ${incident.id}`;
  const said = (words: string): SafeText => safeText(words, LONGEST_TEXT);
  switch (about) {
    case 'declared':
      return said(`${what} declared by ${by}: ${incident.title} (${incident.services.join(', ')})`);
    case 'severity': {
      if (event.type !== 'severity.raised' && event.type !== 'severity.lowered') return said(what);
      const reason = event.reason === '' ? '' : ` (${event.reason})`;
      return said(`${incident.id} is ${event.to} now, was ${event.from}: ${incident.title}${reason}`);
    }
    case 'contained':
      return said(`${what}: ${actionWords(event, incident)} is in place`);
    case 'undone':
      return said(`${what}: ${actionWords(event, incident)} is taken back`);
    case 'resolved':
      return said(`${what} resolved by ${by}: ${incident.title}`);
    case 'reopened':
      return said(`${what} reopened by ${by}: ${incident.title}`);
    case 'closed':
      return said(`${what} closed by ${by}: ${incident.title}`);
    case 'false-alarm':
      return said(`${what} closed by ${by} as a false alarm: ${incident.title}`);
    default:
      return about satisfies never;
  }
};

const actionWords = (event: IncidentEvent, incident: Incident): string => {
  const action: Action | undefined = 'action' in event ? own(incident.actions, event.action) : undefined;
  return action === undefined ? 'a containment' : `${action.name} on ${action.service} (${action.id})`;
};
