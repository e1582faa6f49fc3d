// Owns how a message looks as e-mail: subject, text and HTML, and the ids by which mail programs thread it and know a repeat.
import { createHash } from 'node:crypto';
import { safeText } from '../../incident/text.ts';
import { type MessageText, messageText } from './message-text.ts';
import type { OutgoingMessage } from './notifier.ts';

export interface EmailMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** The id that all messages about one incident name as their origin; null for a test. */
  readonly references: string | null;
  readonly isUrgent: boolean;
}

/** `room` keeps the ids of two rooms with the same incident numbers apart; `from` lends them its domain. */
export const emailMessage = (
  outgoing: OutgoingMessage,
  { room, from }: { readonly room: string; readonly from: string },
): EmailMessage => {
  const { kind, id, incident } = outgoing;
  const domain = /@([A-Za-z0-9.-]+)>?$/.exec(from)?.[1] ?? 'localhost';
  const said = messageText(outgoing);
  return {
    subject: subjectOf(outgoing),
    text: textOf(said),
    html: htmlOf(said),
    messageId: `<warroom.${digest([room, 'message', id])}@${domain}>`,
    references: incident === null ? null : `<warroom.${digest([room, 'incident', incident.id])}@${domain}>`,
    isUrgent: kind === 'page',
  };
};

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);

/** `[SEV1] INC-2026-0042 …` for all, so that they sort and thread. */
const subjectOf = ({ kind, text, incident }: OutgoingMessage): string => {
  if (incident === null) return safeText(text, 200);
  const { severity, id, title } = incident;
  const about = kind === 'announcement' ? withoutHead(text, [severity, id]) : title;
  return safeText(`[${safeText(severity, 20)}] ${safeText(id, 50)} ${safeText(about, 150)}`, 250);
};

/** An announcement begins with words that the subject has already. */
const withoutHead = (text: string, words: readonly string[]): string =>
  words.reduce((left, word) => (left.startsWith(word) ? left.slice(word.length).replace(/^[\s:]+/, '') : left), text);

const textOf = ({ headline, notes, facts, links }: MessageText): string =>
  [
    headline,
    notes.join('\n'),
    facts.map(({ label, value }) => `${`${label}:`.padEnd(10)}${value}`).join('\n'),
    links.map(({ title, url }) => `${title}: ${url}`).join('\n'),
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
    .concat('\n');

const htmlOf = ({ headline, notes, facts, links }: MessageText): string =>
  [
    `<p><strong>${escaped(headline)}</strong></p>`,
    ...notes.map((note) => `<p>${escaped(note)}</p>`),
    ...facts.map(({ label, value }) => `<div>${escaped(label)}: ${escaped(value)}</div>`),
    ...links.map(({ title, url }) => `<p><a href="${escaped(url)}">${escaped(title)}</a></p>`),
  ].join('\n');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
