// Owns what must hold of the journal: what was acknowledged is there, once; what was refused is not; and it tells the same as the agent.
import { firstDifference } from './difference.ts';
import type { Invariant } from './invariant.ts';

/** A person who was told that something is recorded can rely on it, whatever happens afterwards. */
export const acknowledgedIsDurable: Invariant = (world, broken) => ({
  onResult: (commandId, result) => {
    if (!result.ok) return;
    world.record.refresh();
    const there = world.record.commits()[result.seq - 1];
    if (there?.commandId !== commandId)
      broken(
        `command ${commandId} was acknowledged as commit ${result.seq}, where the disk has ${there?.commandId ?? 'nothing'}`,
      );
  },
});

/** A person who was told that nothing was recorded may do it again. */
export const refusedIsNotDurable: Invariant = (_world, broken) => {
  const refused = new Set<string>();
  return {
    onResult: (commandId, result) => {
      if (!result.ok && result.refusal.reason === 'agent-read-only') refused.add(commandId);
    },
    onCommit: (commit) => {
      if (refused.has(commit.commandId))
        broken(`command ${commit.commandId} was refused as not recorded, and is commit ${commit.seq}`);
    },
  };
};

export const decidedOnce: Invariant = (_world, broken) => {
  const seen = new Map<string, number>();
  return {
    onCommit: ({ commandId, seq }) => {
      const before = seen.get(commandId);
      if (before !== undefined) broken(`command ${commandId} is commit ${before} and commit ${seq}`);
      seen.set(commandId, seq);
    },
  };
};

/** Comparing whole rooms is dear: done after a start, at the end, and now and then. */
const EVERY_STEPS = 12;

export const replayEqualsAgent: Invariant = (world, broken) => {
  let steps = 0;
  let life = 0;
  const compare = (): void => {
    const running = world.running();
    if (running === null) return;
    world.record.refresh();
    const { seq, room } = running.agent.committer.committed();
    const durable = world.record.commits().length;
    if (seq !== durable) {
      broken(`the agent is at commit ${seq}, the disk at ${durable}`);
      return;
    }
    const difference = firstDifference(room, world.record.room());
    if (difference !== null) broken(`at commit ${seq} the agent and a replay have different rooms, at ${difference}`);
  };
  return {
    afterStep: () => {
      steps += 1;
      const now = world.running()?.life.number ?? 0;
      if (steps % EVERY_STEPS !== 0 && now === life) return;
      life = now;
      compare();
    },
    whenCalm: compare,
  };
};
