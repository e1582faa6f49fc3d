// Owns what the watchdog says: one line that says it all to somebody half awake, the worst first, nothing cut in the middle.
import { type SafeText, safeText } from '../incident/text.ts';
import { HOUR, MINUTE, msBetween, SECOND, type Timestamp } from '../incident/time.ts';
import type { Due, OpenIncident } from './open-incidents.ts';
import type { Saying } from './watch.ts';

const LONGEST = 480;
const LONGEST_TITLE = 60;
const MOST_CONTACTS = 4;

/** `where` is the agent as people know it. */
export const sayingText = (saying: Saying, where: string): SafeText =>
  saying.about === 'over' ? overText(saying, where) : safeText(withFacts(headOf(saying, where), saying), LONGEST + 100);

const headOf = (saying: Saying, where: string): string => {
  const { trouble, since, now, round, heardAt, why } = saying;
  const still = round > 1 ? 'STILL ' : '';
  const lasting = `for ${span(msBetween(since, now))}, since ${moment(since, now)}`;
  switch (trouble) {
    case 'silent':
      return heardAt === null
        ? `${still}NO AGENT at ${where}: the watchdog has not reached it ${lasting}${why === null ? '' : ` (${safeText(why, 120)})`}.`
        : `${still}NO WORD FROM THE AGENT at ${where} ${lasting}.`;
    case 'stuck':
      return `THE AGENT at ${where} IS ${still}UP AND DOES NOT ACT.`;
    case 'refused':
      return `THE AGENT at ${where} ${still}REFUSES THE WATCHDOG: ${safeText(why ?? 'it does not say why', 200)}. Nobody watches it until that is put right.`;
    case 'read-only':
      return `THE AGENT at ${where} IS READ-ONLY ${lasting}: its log takes no writes. It goes on watching and paging, unrecorded. Make room on its disk.`;
    default:
      return trouble satisfies never;
  }
};

const overText = ({ trouble, since, now, incidents }: Saying, where: string): SafeText => {
  const after = span(msBetween(since, now));
  const words = {
    silent: `The agent at ${where} answers again, after ${after} without a word.`,
    stuck: `The agent at ${where} acts again, after ${after}.`,
    refused: `The agent at ${where} takes the watchdog again, after ${after}.`,
    'read-only': `The log of the agent at ${where} takes writes again, after ${after}.`,
  } as const;
  const open = incidents.length === 0 ? 'No incident is open.' : `Open: ${incidents.map(({ id }) => id).join(', ')}.`;
  return safeText(`${words[trouble]} ${open}`, LONGEST);
};

/** What was open when it was last heard; of very many the worst, and how many more. */
const withFacts = (head: string, { trouble, heardAt, incidents, now }: Saying): string => {
  if (trouble === 'read-only' || trouble === 'refused') return head;
  if (incidents.length === 0)
    return heardAt === null
      ? `${head} Nothing is known of open incidents.`
      : `${head} No incident was open when it was last heard.`;
  let said = head;
  for (const [index, incident] of incidents.entries()) {
    const next = `${said} ${incidentText(incident, now)}`;
    if (next.length > LONGEST) {
      const left = incidents.length - index;
      return `${said} And ${left} more open ${left === 1 ? 'incident' : 'incidents'}.`;
    }
    said = next;
  }
  return said;
};

/** `SEV1 INC-2026-0042 checkout fails: level 30min (vp-engineering) was due 40 s ago and nobody was paged; …` */
const incidentText = ({ id, severity, title, dues, pagesWaiting }: OpenIncident, now: Timestamp): string => {
  const passed = dues.filter(({ at }) => at <= now).map((due) => passedText(due, now));
  const next = dues.find(({ at }) => at > now);
  const waiting = pagesWaiting === 0 ? [] : [`${pagesWaiting} ${pagesWaiting === 1 ? 'page' : 'pages'} may not be out`];
  const facts = [...passed, ...waiting, ...(next === undefined ? [] : [nextText(next, now)])];
  return `${severity} ${id} ${safeText(title, LONGEST_TITLE)}${facts.length === 0 ? '' : `: ${facts.join('; ')}`}.`;
};

const passedText = (due: Due, now: Timestamp): string => {
  const ago = `${span(msBetween(due.at, now))} ago`;
  switch (due.kind) {
    case 'level':
      return `${levelText(due)} was due ${ago} and nobody was paged`;
    case 'acknowledgement':
      return `the time of ${safeText(due.person, 40)} ran out ${ago} and nobody was paged`;
    case 'containment':
      return `${containmentText(due)} was to be taken back ${ago} and is in place`;
    default:
      return due satisfies never;
  }
};

const nextText = (due: Due, now: Timestamp): string => {
  const when = `in ${span(msBetween(now, due.at))}`;
  switch (due.kind) {
    case 'level':
      return `${levelText(due)} falls due ${when}`;
    case 'acknowledgement':
      return `${safeText(due.person, 40)} has it, which runs out ${when}`;
    case 'containment':
      return `${containmentText(due)} is to be taken back ${when}`;
    default:
      return due satisfies never;
  }
};

const levelText = ({ level, contacts }: Extract<Due, { kind: 'level' }>): string => {
  const more = contacts.length - MOST_CONTACTS;
  const named = contacts.slice(0, MOST_CONTACTS).map((contact) => safeText(contact, 40));
  const who = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  // A level is named after its severity, which stands before it already.
  return `level ${safeText(level.slice(level.indexOf('/') + 1), 40)} (${who})`;
};

const containmentText = ({ action, name, service }: Extract<Due, { kind: 'containment' }>): string =>
  `${action} ${safeText(name, 40)} on ${safeText(service, 40)}`;

const span = (ms: number): string => {
  const its = Math.max(0, ms);
  if (its < 2 * MINUTE) return `${Math.floor(its / SECOND)} s`;
  if (its < 2 * HOUR) return `${Math.floor(its / MINUTE)} min`;
  return its < 48 * HOUR ? `${Math.floor(its / HOUR)} h` : `${Math.floor(its / (24 * HOUR))} d`;
};

/** The day is said where it may be another one. */
const moment = (at: Timestamp, now: Timestamp): string =>
  msBetween(at, now) < 12 * HOUR ? `${at.slice(11, 19)} UTC` : `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
