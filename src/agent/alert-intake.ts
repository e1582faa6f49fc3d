// Owns taking what a source told: in slices, each durable by itself, so that a flood lets everybody else in between.
import type { AlertTold } from '../incident/commands.ts';
import type { CommandResult } from '../protocol/messages.ts';
import type { Agent } from './agent.ts';
import type { AgentLog } from './agent-log.ts';
import type { IncomingAlert } from './alerts/incoming-alert.ts';
import type { Clock } from './clock.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { SignalBoard } from './signals/signal-board.ts';

interface IntakeParts {
  readonly agent: Pick<Agent, 'takeAlerts'>;
  readonly board: Pick<SignalBoard, 'told'>;
  readonly metrics: Pick<Metrics, 'observeAlerts'>;
  readonly clock: Pick<Clock, 'elapsedMs'>;
  readonly agentLog: AgentLog;
}

/** So many at once take a few dozen milliseconds to decide and to fold. */
const SLICE = 500;

/** Resolves when all of it is durable, or with the first refusal that is more than "nothing to do". */
export const createAlertIntake =
  ({ agent, board, metrics, clock, agentLog }: IntakeParts) =>
  async (source: string, alerts: readonly IncomingAlert[], truncated: number): Promise<CommandResult> => {
    const startedMs = clock.elapsedMs();
    if (truncated > 0) agentLog.warn(`source ${source} left out ${truncated} alerts of its own accord`, { source });
    const result = await inSlices(
      alerts.map((alert) => ({ ...alert, source })),
      (slice) => agent.takeAlerts(source, slice),
    );
    const isTaken = result.ok || result.refusal.reason === 'nothing-due';
    const error = isTaken ? null : `not taken: ${result.refusal.message}`;
    if (isTaken) metrics.observeAlerts(source, alerts.length);
    board.told({ source, count: isTaken ? alerts.length : 0, tookMs: clock.elapsedMs() - startedMs, error });
    return result;
  };

const inSlices = async (
  alerts: readonly AlertTold[],
  take: (slice: readonly AlertTold[]) => Promise<CommandResult>,
): Promise<CommandResult> => {
  let taken = await take(alerts.slice(0, SLICE));
  for (let from = SLICE; from < alerts.length; from += SLICE) {
    if (isFinal(taken)) return taken;
    const next = await take(alerts.slice(from, from + SLICE));
    if (next.ok || isFinal(next)) taken = next;
  }
  return taken;
};

const isFinal = (result: CommandResult): boolean => !result.ok && result.refusal.reason !== 'nothing-due';
