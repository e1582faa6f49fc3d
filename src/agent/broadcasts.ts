// Owns what is told to every client by itself: commits as they become durable, signals as they change, health every few seconds.
import type { AgentHealth, AgentMessage } from '../protocol/messages.ts';
import type { Agent } from './agent.ts';
import type { Clock } from './clock.ts';
import type { RoomServer } from './server/server.ts';
import { fanOutSignals } from './signals/fan-out.ts';
import type { SignalBoard } from './signals/signal-board.ts';

const HEALTH_EVERY_MS = 5_000;

const everySoOften = (clock: Clock, tell: () => void): (() => void) => {
  let callOff = clock.after(HEALTH_EVERY_MS, function again() {
    callOff = clock.after(HEALTH_EVERY_MS, again);
    tell();
  });
  return () => callOff();
};

interface BroadcastParts {
  readonly agent: Agent;
  readonly server: RoomServer;
  readonly board: SignalBoard;
  readonly health: () => AgentHealth;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

/** Begins telling; returns the way to stop. */
export const startBroadcasts = ({ agent, server, board, health, clock, write }: BroadcastParts): (() => void) => {
  const stops = [
    agent.committer.onCommit((commit) => {
      const message: AgentMessage = { type: 'events', after: commit.seq - 1, upTo: commit.seq, commits: [commit] };
      server.broadcast(message);
    }),
    agent.committer.onWritable((writable) => {
      write(writable ? 'the log takes writes again' : 'READ-ONLY: the log takes no writes; still watching');
    }),
    fanOutSignals(board, (signals) => server.offer({ type: 'signals', signals })),
    everySoOften(clock, () => server.offer({ type: 'health', health: health() })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};
