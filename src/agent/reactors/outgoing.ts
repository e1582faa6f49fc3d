// Owns what there is to send, and how it reads: one look at the room gives every page, message and test without an outcome.
import type { Parcel } from '../../incident/commands.ts';
import {
  type Delivery,
  type Incident,
  isOpen,
  type Message,
  type Page,
  type Room,
  type TestPage,
} from '../../incident/state.ts';
import { type SafeText, safeText } from '../../incident/text.ts';
import { MINUTE, msBetween, type Timestamp } from '../../incident/time.ts';
import type { OutgoingMessage } from '../notifiers/notifier.ts';

type Links = (service: string) => readonly { readonly title: string; readonly url: string }[];

/** One thing to send, unless its time has not come. */
export interface Due {
  /** Unique among all that is on its way out. */
  readonly id: string;
  readonly parcel: Parcel;
  readonly channel: string;
  /** Where it goes: what asks one message to wait asks all that go there. */
  readonly address: string;
  /** What shares it goes out in turn. */
  readonly lane: string;
  readonly delivery: Delivery;
  readonly outgoing: (possibleDuplicate: boolean, links: Links, now: Timestamp) => Omit<OutgoingMessage, 'unrecorded'>;
}

/** Pages first: whoever is to wake up does not wait for news. */
export const unsent = (room: Room): readonly Due[] => {
  const incidents = Object.values(room.incidents);
  return [
    ...incidents.flatMap(duePages),
    ...Object.values(room.tests).filter(isUnsent).map(dueTest),
    ...incidents.flatMap(dueMessages).sort((a, b) => (a.delivery.requestedAt < b.delivery.requestedAt ? -1 : 1)),
  ];
};

const isUnsent = ({ state }: Delivery): boolean => state === 'pending' || state === 'retrying';

const duePages = (incident: Incident): readonly Due[] =>
  isOpen(incident)
    ? Object.values(incident.pages)
        .filter(isUnsent)
        .map((page) => duePage(page, incident))
    : [];

/** A sink hears in order: of each, the oldest that has no outcome yet. */
const dueMessages = (incident: Incident): readonly Due[] => {
  // Its words were composed while it was open to everybody.
  if (incident.people !== null) return [];
  const first = new Map<string, Message>();
  for (const message of Object.values(incident.messages)) {
    if (isUnsent(message) && !first.has(message.sink)) first.set(message.sink, message);
  }
  return [...first.values()].map((message) => dueMessage(message, incident));
};

/** Whoever is paged may not be one of those who see it: a page of a private incident only calls them. */
const titleOf = ({ people, title }: Incident): SafeText => (people === null ? title : safeText('a private incident'));

const about = (incident: Incident, links: Links): OutgoingMessage['incident'] => {
  const services = incident.people === null ? incident.services : [];
  const { id, severity } = incident;
  return { id, title: titleOf(incident), severity, services, links: services.flatMap(links) };
};

const duePage = (page: Page, incident: Incident): Due => ({
  id: page.page,
  parcel: { kind: 'page', incident: incident.id, page: page.page },
  channel: page.channel,
  address: `${page.channel}/${page.contact}`,
  lane: `page/${page.channel}/${page.contact}`,
  delivery: page,
  outgoing: (possibleDuplicate, links) => ({
    kind: page.kind,
    id: page.page,
    to: page.contact,
    text: safeText(`${incident.severity} ${incident.id}: ${titleOf(incident)}`),
    incident: about(incident, links),
    level: page.level,
    attempt: page.attempt,
    possibleDuplicate,
  }),
});

const dueMessage = (message: Message, incident: Incident): Due => ({
  id: message.message,
  parcel: { kind: 'message', incident: incident.id, message: message.message },
  channel: message.channel,
  address: `${message.channel}/sink/${message.sink}`,
  lane: `news/${message.sink}`,
  delivery: message,
  outgoing: (possibleDuplicate, links, now) => ({
    kind: 'announcement',
    id: message.message,
    to: message.sink,
    text: withMoment(message, now),
    incident: about(incident, links),
    level: null,
    attempt: 1,
    possibleDuplicate,
  }),
});

const LATE_AFTER_MS = MINUTE;

/** What waited long says of when it speaks: by then something else may be true. */
const withMoment = ({ text, requestedAt }: Message, now: Timestamp): SafeText =>
  msBetween(requestedAt, now) < LATE_AFTER_MS ? text : safeText(`${text} (as of ${requestedAt.slice(11, 19)} UTC)`);

const dueTest = (test: TestPage): Due => ({
  id: `test/${test.test}`,
  parcel: { kind: 'test', test: test.test },
  channel: test.channel,
  address: `${test.channel}/${test.contact}`,
  lane: `test/${test.channel}/${test.contact}`,
  delivery: test,
  outgoing: (possibleDuplicate) => ({
    kind: 'test',
    id: `test/${test.test}/${test.requestedAt}`,
    to: test.contact,
    text: safeText(
      `Test of ${test.contact} by ${test.channel}, asked for by ${test.by}: nothing is wrong, nothing is to be done.`,
    ),
    incident: null,
    level: null,
    attempt: 1,
    possibleDuplicate,
  }),
});
