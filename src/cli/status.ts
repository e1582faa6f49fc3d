// Owns `warroom status`: what is on, in a few aligned lines, in the shape scripts read, or as one line for a status bar.
import type { RoomView } from '../client/room-client.ts';
import { msBetween, type Timestamp, toTimestamp } from '../incident/time.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { type IncidentStatus, type SignalStatus, type Status, statusOf } from '../protocol/status.ts';
import { age, countdown, percent, perSecond, seconds } from '../tui/format.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { columns, printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { tmuxLine, UNREACHABLE } from './status-tmux.ts';
import { withRoom } from './with-room.ts';

export interface StatusOptions extends Answering {
  readonly format?: 'plain' | 'json' | 'tmux';
}

/** A status bar asks again in a few seconds: it is not kept waiting. */
const TMUX_LIVE_WITHIN_MS = 2_000;

export const status = (shell: Shell, { format = 'plain', ...options }: StatusOptions): Promise<ExitCode> => {
  if (format === 'tmux') return forTmux(shell, options);
  return withRoom(shell, options, async (client) => {
    const now = statusIn(client.view());
    if (options.json || format === 'json') printJson(shell.stdout, now);
    else printLines(shell.stdout, statusLines(now, toTimestamp(client.now())));
    return EXIT.done;
  });
};

/** One line whatever happens: a bar that shows nothing looks like a bar that shows no trouble. */
const forTmux = async (shell: Shell, options: Answering): Promise<ExitCode> => {
  try {
    return await withRoom(shell, { ...options, liveWithinMs: TMUX_LIVE_WITHIN_MS }, async (client) => {
      printLines(shell.stdout, [tmuxLine(client.view(), client.now())]);
      return EXIT.done;
    });
  } catch (error) {
    if (error instanceof OperatorError) printLines(shell.stdout, [UNREACHABLE]);
    throw error;
  }
};

const statusIn = ({ agent, seq, room, signals }: RoomView): Status => {
  if (agent === null) throw new OperatorError('no-agent', 'the agent left', 'try again');
  const { startedAt, version, writable } = agent;
  return statusOf({ agent: { seq, startedAt, version, writable }, room, signals });
};

/** Severest first; a value nobody knows is a word. */
export const statusLines = ({ agent, incidents, signals }: Status, now: Timestamp): readonly string[] => {
  const upFor = age(msBetween(agent.startedAt, now));
  return [
    `agent ${agent.version}, up ${upFor}, ${agent.seq} commits${agent.writable ? '' : ', READ-ONLY: its log takes no writes'}`,
    ...(incidents.length === 0 ? ['no incident'] : []),
    ...[...incidents].sort(bySeverity).flatMap((incident) => incidentLines(incident, now)),
    ...columns(Object.entries(signals).map(([service, its]) => signalRow(service, its))),
  ];
};

const bySeverity = (a: IncidentStatus, b: IncidentStatus): number =>
  a.severity.localeCompare(b.severity) || b.declaredAt.localeCompare(a.declaredAt);

const incidentLines = (incident: IncidentStatus, now: Timestamp): readonly string[] => {
  const { id, title, severity, phase, services, declaredAt, commander, escalation, ledger } = incident;
  const about = [
    services.join(', '),
    `for ${age(msBetween(declaredAt, now))}`,
    commander === null ? 'NO COMMANDER' : `commander ${commander}`,
    ...(escalation === null ? [] : [escalationWords(escalation, now)]),
    ...(incident.recoveryProposed ? ['looks recovered'] : []),
  ];
  const entries = ledger.map(({ id: action, action: name, service, owner, state, expiresAt }) => {
    const expires = expiresAt === null ? '' : `, expires in ${countdown(msBetween(now, expiresAt))}`;
    return `      in place: ${action} ${name} on ${service}, ${owner}, ${state}${expires}`;
  });
  return [`${severity}  ${id}  ${phase}  ${title}`, `      ${about.join('; ')}`, ...entries];
};

const escalationWords = (next: NonNullable<IncidentStatus['escalation']>, now: Timestamp): string =>
  next.heldBy === null
    ? `next page ${next.nextLevel} in ${countdown(msBetween(now, next.nextAt))}`
    : `${next.heldBy} has it, next page ${next.nextLevel} waits`;

const signalRow = (service: string, signals: SignalStatus): readonly string[] => [
  service,
  `errors ${percent(signals.errorRatio)}`,
  `p95 ${seconds(signals.p95Seconds)}`,
  `requests ${perSecond(signals.requestsPerSecond)}`,
  signals.checks.map(({ name, state }) => `${name} ${state}`).join(', '),
];
