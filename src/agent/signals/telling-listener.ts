// Owns who hears what the sources tell: the board everything, the history the readings, the agent's log each failure and recovery.
import type { AgentLog } from '../agent-log.ts';
import type { SourceListener } from '../sources/source.ts';
import type { SignalBoard } from './signal-board.ts';
import type { SignalHistory } from './signal-history.ts';

export const tellingListener = (parts: {
  readonly board: SignalBoard;
  readonly history: SignalHistory;
  readonly agentLog: AgentLog;
}): SourceListener => {
  const { board, history, agentLog } = parts;
  return {
    check: board.check,
    readings: (readings) => {
      history.record(readings);
      board.readings(readings);
    },
    polled: (poll) => {
      const wasFailing = board.health().some(({ source, failing }) => source === poll.source && failing);
      board.polled(poll);
      if ((poll.error !== null) === wasFailing) return;
      const { source, error } = poll;
      if (error === null) agentLog.info(`source ${source} answers again`, { source });
      else agentLog.error(`source ${source} FAILS: ${error}`, { source });
    },
  };
};
