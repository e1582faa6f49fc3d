// Owns the verdict over a tortured agent: what was acknowledged against the journal, the pager and the documents. Empty is innocent.
import { isDeepStrictEqual } from 'node:util';
import type { PersonCommandInput } from '../../../src/incident/commands.ts';
import { ledgerOf, type Room } from '../../../src/incident/state.ts';
import type { Journal, Line, StoredEvent } from './journal-evidence.ts';
import type { Asked } from './rough-client.ts';
import { ACTIONS, type ActionName, BEFORE, type Received, SERVICES, type Yard } from './yard.ts';

export interface PostedAlert {
  readonly fingerprint: string;
  /** Answered with 200. */
  isTaken: boolean;
}

/** What may be said at any moment, also of an agent that is dead. */
export const judgeJournal = (
  journal: Journal,
  asked: readonly Asked[],
  alerts: readonly PostedAlert[],
): readonly string[] => {
  const byCommand = Map.groupBy(journal.lines, (line) => line.commandId);
  const joined = Map.groupBy(
    journal.lines.flatMap((line) => line.events.filter((event) => event.type === 'alert.joined')),
    (event) => event.alert?.fingerprint ?? '',
  );
  return [
    ...journal.problems,
    ...asked.flatMap((one) => judgeCommand(one, byCommand.get(one.id) ?? [])),
    ...alerts.flatMap((alert) => judgeAlert(alert, joined.get(alert.fingerprint) ?? [])),
  ];
};

const judgeCommand = ({ id, command, result }: Asked, lines: readonly Line[]): readonly string[] => {
  const what = `${command.type} ${id}`;
  if (lines.length > 1) return [`${what} is in the journal ${lines.length} times`];
  const [line] = lines;
  if (line === undefined) return result?.ok ? [`${what} was acknowledged at ${result.seq}, and is lost`] : [];
  if (result?.ok === false) return [`${what} was refused (${result.refusal.reason}), and is in the journal`];
  if (result?.ok && result.seq !== line.seq)
    return [`${what} was acknowledged at ${result.seq}, and is at ${line.seq}`];
  return line.events.some((event) => says(event, command)) ? [] : [`${what} is in the journal without what it does`];
};

const DOES: Partial<Record<PersonCommandInput['type'], readonly string[]>> = {
  declare: ['incident.declared'],
  'add-note': ['note.added'],
  acknowledge: ['incident.acknowledged'],
  'claim-role': ['role.assigned'],
  'release-role': ['role.released'],
  'set-severity': ['severity.raised', 'severity.lowered'],
  contain: ['action.requested'],
  undo: ['action.requested'],
  arm: ['action.armed'],
  confirm: ['action.confirmed'],
  resolve: ['incident.resolved'],
  close: ['incident.closed'],
};

const says = (event: StoredEvent, command: PersonCommandInput): boolean => {
  if (!DOES[command.type]?.includes(event.type)) return false;
  if (command.type === 'declare') return event.title === command.title;
  if (command.type === 'add-note') return event.text === command.text && event.incident === command.incident;
  return true;
};

const judgeAlert = ({ fingerprint, isTaken }: PostedAlert, joined: readonly StoredEvent[]): readonly string[] => {
  if (isTaken && joined.length === 0) return [`alert ${fingerprint} was taken, and is lost`];
  const incidents = joined.map((event) => event.incident);
  return new Set(incidents).size < incidents.length ? [`alert ${fingerprint} joined one incident twice`] : [];
};

/** Every page is a line of the agent's own log besides: the pager has no part in those. */
const goesToPager = (id: string): boolean => !id.endsWith('/log');

/** What the pager got against what the journal asked for; `quiet` is the commit up to which everything had gone out. */
export const judgePages = (journal: Journal, received: readonly Received[], quiet: number): readonly string[] => {
  const its = (type: string): ReadonlySet<string> =>
    new Set(journal.lines.flatMap(({ events }) => events.filter((event) => event.type === type).map(parcelOf)));
  const upToQuiet = journal.lines.slice(0, quiet);
  const due = new Set(
    upToQuiet.flatMap(({ events }) =>
      events.filter(({ type }) => type === 'page.requested' || type === 'message.queued').map(parcelOf),
    ),
  );
  const wanted = new Set([...its('page.requested'), ...its('message.queued')]);
  const calledOff = new Set([...its('page.cancelled'), ...its('page.failed'), ...its('message.failed')]);
  const sent = new Set([...its('page.sent'), ...its('message.sent')]);
  const arrived = Map.groupBy(received, ({ id }) => id);
  return [
    ...[...arrived.keys()].filter((id) => !wanted.has(id)).map((id) => `${id} went out, and nobody had asked for it`),
    ...[...arrived].flatMap(([id, ones]) =>
      ones.slice(1).every(({ possibleDuplicate }) => possibleDuplicate) ? [] : [`${id} came again, and did not say so`],
    ),
    ...[...sent]
      .filter((id) => goesToPager(id) && !arrived.has(id))
      .map((id) => `${id} is on record as sent, and never came`),
    ...[...due].filter((id) => goesToPager(id) && !arrived.has(id) && !calledOff.has(id)).map((id) => `${id} is lost`),
  ];
};

const parcelOf = ({ page, message }: StoredEvent): string => page ?? message ?? '';

/** The documents outside against the ledger. An outcome that nobody knows may be either, and nothing else. */
export const judgeWorld = (room: Room, { documents }: Pick<Yard, 'documents'>): readonly string[] => {
  const ledger = Object.values(room.incidents).flatMap(ledgerOf);
  return SERVICES.flatMap((service) =>
    (Object.keys(ACTIONS) as ActionName[]).flatMap((name) => {
      const its = ledger.filter((action) => action.service === service && action.name === name);
      const after = { ...BEFORE[name], ...ACTIONS[name] };
      const isKnown = its.every(({ state }) => state.name === 'applied');
      const possible = isKnown ? [its.length > 0 ? after : BEFORE[name]] : [BEFORE[name], after];
      const found = documents.get(`/${service}/${name}`);
      return possible.some((one) => isDeepStrictEqual(found, one))
        ? []
        : [`${service}/${name} is ${JSON.stringify(found)}, and the ledger holds ${its.length} of it`];
    }),
  );
};
