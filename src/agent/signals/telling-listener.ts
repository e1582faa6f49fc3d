// Owns who hears what the sources tell: the board everything, the history the readings, the agent's log each failure and recovery.
import type { SourceListener } from '../sources/source.ts';
import type { SignalBoard } from './signal-board.ts';
import type { SignalHistory } from './signal-history.ts';

export const tellingListener = (parts: {
  readonly board: SignalBoard;
  readonly history: SignalHistory;
  readonly write: (line: string) => void;
}): SourceListener => {
  const { board, history, write } = parts;
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
      write(poll.error === null ? `source ${poll.source} answers again` : `source ${poll.source} FAILS: ${poll.error}`);
    },
  };
};
