// Owns what is told to every client by itself: commits as they become durable, signals as they change, health every few seconds.
import type { AgentHealth } from '../protocol/messages.ts';
import type { Agent } from './agent.ts';
import type { AgentLog } from './agent-log.ts';
import type { Clock } from './clock.ts';
import { newsFor, newsForAll } from './commit-news.ts';
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
  readonly agentLog: AgentLog;
}

/** Begins telling; returns the way to stop. */
export const startBroadcasts = ({ agent, server, board, health, clock, agentLog }: BroadcastParts): (() => void) => {
  const stops = [
    agent.committer.onCommit((commit, { seq, room }, before) => {
      const told = { commit, mark: agent.markAt(seq) ?? '', before, after: room };
      const news = newsForAll(told);
      if (news === null) server.broadcastEach((person) => newsFor(told, person));
      else server.broadcast(news);
    }),
    agent.committer.onWritable((writable) => {
      if (writable) agentLog.info('the log takes writes again');
      else agentLog.error('READ-ONLY: the log takes no writes; still watching');
    }),
    fanOutSignals(board, (signals) => server.offer({ type: 'signals', signals })),
    everySoOften(clock, () => server.offer({ type: 'health', health: health() })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};
