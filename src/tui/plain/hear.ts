// Owns what a typed line means in plain mode: an answer, or a word that looks or acts. Pure: the next memory, what is said, what is to be sent.
import { own } from '../../incident/own.ts';
import { actionId, incidentId, shortIncidentId } from '../../incident/references.ts';
import { type Incident, ledgerOf } from '../../incident/state.ts';
import { ROLES } from '../../incident/words.ts';
import { incidentLines } from '../incident-lines.ts';
import { actionTitle, shownIncident, unclosedIncidents } from '../select.ts';
import { arms, cancels, confirms, plans } from './containing.ts';
import { incidentsLines, statusLines, timelineLines } from './look-lines.ts';
import { answers, asksYes, offers, textSaid } from './questions.ts';
import { type Heard, type Memory, type Situation, says, sends, type Turn } from './talk.ts';
import { helpLines, type Said, understand, type VerbName } from './verbs.ts';

export const hears = (memory: Memory, heard: Heard, situation: Situation): Turn => {
  const said = understand(heard.text);
  if (memory.question !== null) {
    const turn = answers(memory, memory.question, { heard, situation, isVerb: said.kind === 'verb' });
    if (turn !== null) return turn;
  }
  return means(said, { memory: { ...memory, question: null }, heard, situation });
};

interface Line {
  readonly memory: Memory;
  readonly heard: Heard;
  readonly situation: Situation;
}

const means = (said: Said, line: Line): Turn => {
  switch (said.kind) {
    case 'nothing':
      return says(line.memory);
    case 'unknown': {
      const meant = said.meant === null ? '' : `; did you mean ${said.meant}?`;
      return says(line.memory, `there is no word ${said.word}${meant} help lists them`);
    }
    case 'verb':
      return performs(said.verb, said.rest, line);
    default:
      return said satisfies never;
  }
};

const performs = (verb: VerbName, rest: string, line: Line): Turn => {
  const { memory, situation } = line;
  const { view, now } = situation;
  switch (verb) {
    case 'help':
      return says(memory, ...helpLines());
    case 'quit':
      return { memory, lines: [], effect: { type: 'quit' } };
    case 'status':
      return says(memory, ...statusLines(view, now));
    case 'incidents':
      return says(memory, ...incidentsLines(view, memory.incident));
    case 'use':
      return uses(memory, rest, situation);
    case 'declare':
      return offers(memory, { kind: 'declare-service' }, { word: rest, situation });
    case 'arm':
      return arms(memory, rest, line);
    case 'confirm':
      return confirms(memory, rest, line);
    case 'plan':
      return plans(memory, rest, { incident: shownIncident(view.room, memory.incident), situation });
    case 'cancel':
      return cancels(memory, rest, { incident: shownIncident(view.room, memory.incident), situation });
    case 'let-go':
      return letsGo(memory, rest, situation);
    default:
      return onIncident(verb, rest, line);
  }
};

const uses = (memory: Memory, rest: string, { view, now }: Situation): Turn => {
  if (rest === '') return says(memory, 'say which one, as in use 42', ...incidentsLines(view, memory.incident));
  const incident = own(view.room.incidents, incidentId(view.room, rest));
  return incident === undefined
    ? says(memory, `there is no incident ${rest}: incidents lists them`)
    : says({ ...memory, incident: incident.id }, ...incidentLines(view, incident, { now, withElapsed: false }));
};

const letsGo = (memory: Memory, rest: string, situation: Situation): Turn => {
  const [id = '', ...reason] = rest.split(/\s+/);
  if (id === '') return says(memory, 'say which one, as in let-go A7 it stays until Monday');
  return textSaid(memory, { kind: 'let-go', action: actionId(id) }, { text: reason.join(' '), situation });
};

/** Looking back is possible in what is closed. */
const ofThePast: ReadonlySet<VerbName> = new Set(['summary', 'timeline', 'note', 'title', 'reopen']);

type OfIncident = Exclude<
  VerbName,
  'help' | 'quit' | 'status' | 'incidents' | 'use' | 'declare' | 'arm' | 'confirm' | 'plan' | 'cancel' | 'let-go'
>;

const onIncident = (verb: OfIncident, rest: string, line: Line): Turn => {
  const { memory, situation } = line;
  const { room } = situation.view;
  const chosen = memory.incident === null ? undefined : own(room.incidents, memory.incident);
  if (chosen !== undefined && (chosen.phase !== 'closed' || ofThePast.has(verb)))
    return performsOn(verb, rest, { ...line, incident: chosen });
  const [only, ...others] = unclosedIncidents(room);
  if (only === undefined) {
    const latest = ofThePast.has(verb) ? shownIncidentOrLatest(room.incidents) : null;
    return latest === null
      ? says(memory, 'there is no open incident: declare opens one, incidents lists what is over')
      : says(memory, `say which one: use ${shortIncidentId(latest.id)} for the latest; incidents lists them`);
  }
  // Which one is meant is never guessed.
  if (others.length > 0)
    return says(
      memory,
      'say which incident first:',
      ...[only, ...others].slice(0, 9).map((one) => `  use ${shortIncidentId(one.id)}: ${one.severity} ${one.title}`),
    );
  return performsOn(verb, rest, { ...line, memory: { ...memory, incident: only.id }, incident: only });
};

const shownIncidentOrLatest = (incidents: Readonly<Record<string, Incident>>): Incident | null =>
  Object.values(incidents).toSorted((a, b) => (a.declaredAt < b.declaredAt ? 1 : -1))[0] ?? null;

interface OnIncident extends Line {
  readonly incident: Incident;
}

const performsOn = (verb: OfIncident, rest: string, { memory, situation, incident }: OnIncident): Turn => {
  const of = { incident: incident.id };
  const offer = { word: rest, situation };
  switch (verb) {
    case 'summary':
      return says(memory, ...incidentLines(situation.view, incident, { now: situation.now, withElapsed: true }));
    case 'timeline':
      return says(memory, ...timelineLines(incident, rest));
    case 'ack':
      return sends(memory, { type: 'acknowledge', ...of }, situation);
    case 'note':
    case 'title':
    case 'false-alarm':
    case 'reopen':
      return textSaid(memory, { kind: verb, ...of }, { text: rest, situation });
    case 'role':
      return role(memory, incident, offer);
    case 'severity':
      return severity(memory, incident, offer);
    case 'phase':
      return offers(memory, { kind: 'phase', ...of }, offer);
    case 'contain':
      return offers(memory, { kind: 'contain', ...of }, offer);
    case 'undo':
      return rest === ''
        ? offers(memory, { kind: 'undo', ...of }, offer)
        : sends(memory, { type: 'undo', action: actionId(rest), arm: false }, situation);
    case 'resolve':
      return asksYes(memory, { type: 'resolve', ...of }, `resolve ${headOf(incident)}?`, ...left(incident));
    case 'close':
      return asksYes(
        memory,
        { type: 'close', ...of, falseAlarm: false, reason: rest },
        `close ${headOf(incident)}?`,
        ...left(incident),
      );
    default:
      return verb satisfies never;
  }
};

interface Offer {
  readonly word: string;
  readonly situation: Situation;
}

/** `role tech ben` gives it to another; `role tech` takes it or gives it up. */
const role = (memory: Memory, incident: Incident, { word, situation }: Offer): Turn => {
  const [name = '', ...person] = word.split(/\s+/);
  const wanted = ROLES.find((one) => one === (name.toLowerCase() === 'ic' ? 'commander' : name.toLowerCase()));
  if (wanted !== undefined && person.length > 0) {
    const command = { type: 'assign-role', incident: incident.id, role: wanted, person: person.join(' ') } as const;
    return sends(memory, command, situation);
  }
  return offers(memory, { kind: 'roles', incident: incident.id }, { word: wanted ?? word, situation });
};

/** `severity sev3 only staging` says why at once. */
const severity = (memory: Memory, incident: Incident, { word, situation }: Offer): Turn => {
  const [name = '', ...reason] = word.split(/\s+/);
  const menu = { kind: 'severity', incident: incident.id } as const;
  const turn = offers(memory, menu, { word: /^[1-4]$/.test(name) ? `sev${name}` : name, situation });
  const { question } = turn.memory;
  return reason.length > 0 && question?.kind === 'text'
    ? textSaid({ ...turn.memory, question: null }, question.purpose, { text: reason.join(' '), situation })
    : turn;
};

const headOf = ({ severity: how, id, title }: Incident): string => `${how} ${shortIncidentId(id)} ${title}`;

const left = (incident: Incident): readonly string[] =>
  ledgerOf(incident).map((action) => `  still in place: ${action.id} ${actionTitle(action)}`);
