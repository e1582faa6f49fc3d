// Owns what becomes of things on their way out: outcomes of tries, and tests of contacts that a person asks for.
import type { AgentCommand, Parcel, PersonCommand } from './commands.ts';
import { commits, type Decision, type DecisionContext, refuses } from './decision.ts';
import type { IncidentEvent, NotSentFacts, SentFacts } from './events.ts';
import { own } from './own.ts';
import type { Delivery, Room } from './state.ts';

type CommandOf<T extends AgentCommand['type']> = Extract<AgentCommand, { type: T }>;

// Outcomes are facts of the past and are recorded whatever became of the incident meanwhile.
export const decideSent = (room: Room, { parcel, tookMs, possibleDuplicate }: CommandOf<'record-sent'>): Decision =>
  onDelivery(room, parcel, sentEvent(parcel, { tookMs, possibleDuplicate }));

export const decideNotSent = (room: Room, command: CommandOf<'record-not-sent'>): Decision => {
  const { parcel, reason, retryAt, mayHaveArrived } = command;
  return onDelivery(room, parcel, notSentEvent(parcel, { reason, retryAt, mayHaveArrived }));
};

const onDelivery = (room: Room, parcel: Parcel, event: IncidentEvent): Decision => {
  const delivery = deliveryOf(room, parcel);
  const isOver = delivery === undefined || delivery.state === 'sent' || delivery.state === 'failed';
  return isOver ? refuses('already-so', 'it has its outcome', 'nothing to do') : commits(event);
};

/** How far a parcel is; undefined where the room does not know it. */
const deliveryOf = (room: Room, parcel: Parcel): Delivery | undefined => {
  if (parcel.kind === 'test') return own(room.tests, parcel.test);
  const incident = own(room.incidents, parcel.incident);
  if (incident === undefined) return undefined;
  return parcel.kind === 'page' ? own(incident.pages, parcel.page) : own(incident.messages, parcel.message);
};

const sentEvent = (parcel: Parcel, facts: SentFacts): IncidentEvent => {
  switch (parcel.kind) {
    case 'page':
      return { type: 'page.sent', incident: parcel.incident, page: parcel.page, ...facts };
    case 'message':
      return { type: 'message.sent', incident: parcel.incident, message: parcel.message, ...facts };
    case 'test':
      return { type: 'test.sent', test: parcel.test, ...facts };
    default:
      return parcel satisfies never;
  }
};

const notSentEvent = (parcel: Parcel, facts: NotSentFacts): IncidentEvent => {
  switch (parcel.kind) {
    case 'page':
      return { type: 'page.failed', incident: parcel.incident, page: parcel.page, ...facts };
    case 'message':
      return { type: 'message.failed', incident: parcel.incident, message: parcel.message, ...facts };
    case 'test':
      return { type: 'test.failed', test: parcel.test, ...facts };
    default:
      return parcel satisfies never;
  }
};

/** A real message to a real person: every channel of theirs, or the one that is asked for. */
export const decideTestContact = (
  room: Room,
  { contact, channel }: Extract<PersonCommand, { type: 'test-contact' }>,
  { policy }: DecisionContext,
): Decision => {
  const channels = own(policy.channels, contact);
  if (channels === undefined) {
    const names = Object.keys(policy.channels).join(', ');
    return refuses('no-such-contact', `there is no contact ${contact}`, `contacts: ${names || 'none is configured'}`);
  }
  const chosen = channel === null ? channels : channels.filter((one) => one === channel);
  if (chosen.length === 0) {
    return refuses('no-such-contact', `${contact} is not reached by ${channel}`, `by: ${channels.join(', ')}`);
  }
  return commits(
    ...chosen.map(
      (one, index): IncidentEvent => ({
        type: 'test.requested',
        test: `T${room.testsNumbered + 1 + index}`,
        contact,
        channel: one,
      }),
    ),
  );
};
