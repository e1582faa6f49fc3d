// Owns the words of a message that people read: the same ones in Slack and in e-mail.
import { type SafeText, safeText } from '../../incident/text.ts';
import type { OutgoingMessage } from './notifier.ts';

export interface MessageText {
  /** Says it all in one line. */
  readonly headline: SafeText;
  /** What to know or do besides, one sentence each. */
  readonly notes: readonly SafeText[];
  readonly facts: readonly { readonly label: string; readonly value: SafeText }[];
  /** Only what a browser opens: http and https. */
  readonly links: readonly { readonly title: SafeText; readonly url: string }[];
}

const MOST_LINKS = 10;
const LONGEST_FACT = 300;
const LONGEST_ADDRESS = 1_000;

/** What a message says, every text of it harmless and of bounded length. */
export const messageText = (outgoing: OutgoingMessage): MessageText => {
  const { incident, text } = outgoing;
  const headline = safeText(text);
  return {
    headline,
    notes: notesOf(outgoing),
    facts: incident === null ? [] : factsOf(incident, headline),
    links: (incident?.links ?? []).flatMap(linkOf).slice(0, MOST_LINKS),
  };
};

const notesOf = ({
  kind,
  to,
  incident,
  level,
  attempt,
  possibleDuplicate,
  unrecorded,
}: OutgoingMessage): readonly SafeText[] => {
  const who = safeText(to, 100);
  const which = [level === null ? null : `level ${safeText(level, 100)}`, `attempt ${attempt}`]
    .filter((part) => part !== null)
    .join(', ');
  const notes: Readonly<Record<OutgoingMessage['kind'], readonly string[]>> = {
    page: [
      `Page for ${who}: ${which}.`,
      ...(incident === null ? [] : [`To take it: warroom ack ${safeText(incident.id, 100)}`]),
    ],
    notice: [`For the information of ${who}; nothing is asked of you.`],
    announcement: [],
    test: [`A test for ${who}: nothing is wrong, nothing is asked of you.`],
  };
  return [
    ...notes[kind],
    ...(possibleDuplicate ? ['Possible duplicate: an earlier try of this message may have arrived.'] : []),
    ...(unrecorded ? ['Unrecorded: the disk of the agent takes no writes just now.'] : []),
  ].map((note) => safeText(note));
};

const factsOf = (incident: NonNullable<OutgoingMessage['incident']>, headline: string): MessageText['facts'] => {
  const title = safeText(incident.title, LONGEST_FACT);
  return [
    { label: 'Severity', value: safeText(incident.severity, LONGEST_FACT) },
    { label: 'Incident', value: safeText(incident.id, LONGEST_FACT) },
    ...(headline.includes(title) ? [] : [{ label: 'Title', value: title }]),
    { label: 'Services', value: servicesText(incident.services) },
  ].filter(({ value }) => value !== '');
};

const MOST_SERVICES = 10;

/** The services by name; of very many, the first ones and how many more. */
export const servicesText = (services: readonly string[]): SafeText => {
  const named = services.slice(0, MOST_SERVICES).map((service) => safeText(service, 64));
  const left = services.length - named.length;
  return safeText([...named, ...(left > 0 ? [`${left} more`] : [])].join(', '), LONGEST_FACT);
};

const linkOf = ({ title, url }: { readonly title: string; readonly url: string }): MessageText['links'] => {
  if (!URL.canParse(url)) return [];
  const { protocol, href } = new URL(url);
  if ((protocol !== 'http:' && protocol !== 'https:') || href.length > LONGEST_ADDRESS) return [];
  return [{ title: safeText(title, 100), url: href }];
};
