// Owns how a message looks in Slack: mrkdwn with everything from outside escaped, within the limits of blocks.
import type { SafeText } from '../../incident/text.ts';
import { type MessageText, messageText } from './message-text.ts';
import type { OutgoingMessage } from './notifier.ts';

/** Most characters of a section's text. A field may have 2,000, which no fact comes near. */
const LONGEST_SECTION = 3_000;

/** The body for an incoming webhook. Only a page, and the test of one, mentions somebody. */
export const slackMessage = (outgoing: OutgoingMessage, mention: string | null) => {
  const { headline, notes, facts, links } = messageText(outgoing);
  const mentions = (outgoing.kind === 'page' || outgoing.kind === 'test') && mention !== null;
  const first = `${mentions ? `${mentionOf(mention)} ` : ''}*${escaped(headline)}*`;
  return {
    // What notifications and screen readers give in place of the blocks.
    text: escaped(headline),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      section(first),
      ...(facts.length === 0 ? [] : [{ type: 'section', fields: facts.map(fieldOf) }]),
      ...(links.length === 0 ? [] : [section(linksOf(links))]),
      ...(notes.length === 0 ? [] : [{ type: 'context', elements: notes.map((note) => mrkdwn(escaped(note))) }]),
    ],
  };
};

/** `verbatim`: Slack makes no links, channels or names of its own out of the text. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });

const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });

const fieldOf = ({ label, value }: { readonly label: string; readonly value: SafeText }) =>
  mrkdwn(`*${label}*\n${escaped(value)}`);

const linksOf = (links: MessageText['links']): string => {
  let text = '';
  for (const { title, url } of links) {
    const line = `<${escaped(url).replaceAll('|', '%7C')}|${escaped(title).replaceAll('|', '/')}>`;
    // A cut link would lead elsewhere: the ones that do not fit are left out whole.
    if (text.length + line.length + 1 <= LONGEST_SECTION) text += text === '' ? line : `\n${line}`;
  }
  return text;
};

/** User groups begin with S, users with U or W. */
const mentionOf = (id: string): string => (id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`);

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
