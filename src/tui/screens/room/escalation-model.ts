// Owns the ladder as a person reads it: what was done, what comes next and when, and what became of each page.
import { type Escalation, type Incident, isOpen, type Level, type Page } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { age, clock, countdown, timeOfDay, took } from '../../format.ts';

export type Tone = 'plain' | 'ok' | 'warn' | 'bad' | 'dim';

export interface LevelLine {
  readonly word: 'done' | 'next' | 'then' | 'held' | 'due';
  readonly who: string;
  readonly words: string;
  readonly tone: Tone;
}

export interface EscalationModel {
  readonly title: string;
  /** By when somebody is to acknowledge, and how that stands; null where nothing is waited for. */
  readonly response: { readonly text: string; readonly tone: 'plain' | 'ok' | 'warn' | 'loud' } | null;
  readonly held: string | null;
  readonly levels: readonly LevelLine[];
}

export const escalationModel = (incident: Incident, now: number): EscalationModel => {
  const { escalation } = incident;
  const response = responseWords(incident, now);
  if (escalation === null) return { title: 'ESCALATION none', response, held: null, levels: [] };
  if (!isOpen(incident))
    return { title: `ESCALATION over`, response: null, held: null, levels: reachedLines(incident, escalation) };
  const { heldBy } = escalation;
  return {
    title: `ESCALATION ${escalation.severity}`,
    response,
    held:
      heldBy === null
        ? null
        : `held by ${heldBy.person} until ${timeOfDay(heldBy.until)}, ${countdown(toEpochMs(heldBy.until) - now)}`,
    levels: [...reachedLines(incident, escalation), ...waitingLines(escalation, now)],
  };
};

const ALMOST_DUE_MS = 2 * 60_000;

const responseWords = ({ response, phase }: Incident, now: number): EscalationModel['response'] => {
  if (response === null || phase === 'resolved' || phase === 'closed') return null;
  const { expectedAt, dueAt, metAt } = response;
  if (metAt !== null) {
    const tookMs = toEpochMs(metAt) - toEpochMs(expectedAt);
    return metAt <= dueAt || dueAt === expectedAt
      ? { text: `answered after ${countdown(tookMs)}`, tone: 'ok' }
      : { text: `answered ${countdown(toEpochMs(metAt) - toEpochMs(dueAt))} too late`, tone: 'warn' };
  }
  const leftMs = toEpochMs(dueAt) - now;
  if (leftMs > 0)
    return { text: `answer due in ${countdown(leftMs)}: a`, tone: leftMs < ALMOST_DUE_MS ? 'warn' : 'plain' };
  return { text: `NO ANSWER for ${clock(now - toEpochMs(expectedAt))}: a`, tone: 'loud' };
};

const names = (level: Level): string => level.contacts.map((contact) => contact.contact).join(', ');

const waitingLines = ({ levels, heldBy }: Escalation, now: number): readonly LevelLine[] =>
  levels
    .filter((level) => level.reachedAt === null)
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
    .map((level, index): LevelLine => {
      const leftMs = toEpochMs(level.dueAt) - now;
      if (heldBy !== null) return { word: 'held', who: names(level), words: '', tone: 'dim' };
      if (leftMs <= 0) return { word: 'due', who: names(level), words: `since ${age(-leftMs)}`, tone: 'warn' };
      return {
        word: index === 0 ? 'next' : 'then',
        who: names(level),
        words: `in ${countdown(leftMs)}`,
        tone: index === 0 ? 'plain' : 'dim',
      };
    });

const reachedLines = (incident: Incident, { levels }: Escalation): readonly LevelLine[] =>
  levels.filter((level) => level.reachedAt !== null).map((level) => reachedLine(incident, level));

const badness: Readonly<Record<Page['state'], number>> = { failed: 4, retrying: 3, pending: 2, sent: 1, cancelled: 0 };

/** The latest try for each contact and channel, the worst first. */
const pagesAt = (incident: Incident, level: Level): readonly Page[] => {
  const latest = new Map<string, Page>();
  for (const page of Object.values(incident.pages)) {
    if (page.level !== level.level) continue;
    const key = `${page.contact}/${page.channel}`;
    const other = latest.get(key);
    if (other === undefined || other.attempt <= page.attempt) latest.set(key, page);
  }
  return [...latest.values()].sort(
    (a, b) => badness[b.state] - badness[a.state] || Number(a.channel === 'log') - Number(b.channel === 'log'),
  );
};

const reachedLine = (incident: Incident, level: Level): LevelLine => {
  const pages = pagesAt(incident, level);
  const worst = pages[0];
  const late = level.lateMs > 0 ? `, late by ${age(level.lateMs)}` : '';
  if (worst === undefined) return { word: 'done', who: names(level), words: `nobody to page${late}`, tone: 'dim' };
  const said = [...new Set(pages.map(pageWords))];
  const others = said.length > 2 ? ` +${said.length - 2}` : '';
  return {
    word: 'done',
    who: names(level),
    words: `${said.slice(0, 2).join(', ')}${others}${late}`,
    tone: pageTone(worst),
  };
};

export const pageWords = (page: Page): string => {
  const duplicate = page.possibleDuplicate ? ', possible duplicate' : '';
  switch (page.state) {
    case 'pending':
      return 'pending';
    case 'retrying':
      return `${page.channel} retrying at ${page.retryAt === null ? 'once' : timeOfDay(page.retryAt)}`;
    case 'sent':
      return page.channel === 'log' ? `logged${duplicate}` : `sent ${took(page.tookMs)}${duplicate}`;
    case 'failed':
      return `${page.channel} FAILED: ${page.reason ?? 'no reason given'}`;
    case 'cancelled':
      return 'called off';
    default:
      return page.state satisfies never;
  }
};

const pageTone = (page: Page): Tone => {
  switch (page.state) {
    case 'failed':
      return 'bad';
    case 'retrying':
      return 'warn';
    case 'sent':
      return page.channel === 'log' ? 'plain' : 'ok';
    case 'pending':
    case 'cancelled':
      return 'plain';
    default:
      return page.state satisfies never;
  }
};
