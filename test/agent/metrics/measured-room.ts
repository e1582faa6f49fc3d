// Owns a room whose every commit is counted as the agent would count it, for tests of the metrics.
import { createMetrics, type MetricsParts } from '../../../src/agent/metrics/metrics.ts';
import type { SourceHealth } from '../../../src/agent/signals/signal-board.ts';
import { evolveCommit } from '../../../src/incident/evolve.ts';
import type { Policy } from '../../../src/incident/policies/policy.ts';
import { emptyRoom } from '../../../src/incident/state.ts';
import { toEpochMs } from '../../../src/incident/time.ts';
import { policy, type RoomUnderTest, roomUnderTest, START } from '../../support/room.ts';
import { type Sample, samplesIn } from './samples.ts';

export const sourceHealth = (source: string, its: Partial<SourceHealth> = {}): SourceHealth => ({
  source,
  kind: 'asked',
  lastSuccessAt: START,
  lastError: null,
  failing: false,
  tookMs: 12,
  perMinute: 30,
  skewMs: null,
  ...its,
});

export const measuredRoom = (its: Partial<MetricsParts> & { readonly policy?: Policy } = {}) => {
  const story: RoomUnderTest = roomUnderTest(its.policy ?? policy);
  const parts: MetricsParts = {
    room: story.room,
    health: () => [],
    clients: () => 2,
    clientSkewMs: () => null,
    writable: () => true,
    now: () => toEpochMs(story.now()),
    version: '1.2.3',
    startedAt: START,
    ...its,
  };
  let metrics = createMetrics(parts);
  let room = emptyRoom;
  let counted = 0;
  const samples = async (): Promise<readonly Sample[]> => {
    for (const commit of story.commits().slice(counted)) {
      room = evolveCommit(room, commit);
      metrics.observeCommit(commit, room);
    }
    counted = story.commits().length;
    return samplesIn(await metrics.text());
  };
  return {
    story,
    metrics: () => metrics,
    samples,
    /** Another agent on the same log: what was counted is forgotten. */
    restart: () => {
      metrics = createMetrics(parts);
      room = story.room();
      counted = story.commits().length;
    },
  };
};
