// Owns what must hold of every terminal: it shows what its person may see of the room at that commit, never more than is durable, and is answered.

import { toEpochMs } from '../../../src/incident/time.ts';
import { roomFor } from '../../../src/incident/visibility.ts';
import { firstDifference } from './difference.ts';
import type { Invariant } from './invariant.ts';

const EVERY_STEPS = 10;
const ON_ITS_WAY_MS = 5_000;

export const replicasEqualAgent: Invariant = (world, broken, people) => {
  let steps = 0;
  const compare = (): void => {
    const committed = world.running()?.agent.committer.committed();
    if (committed === undefined) return;
    for (const terminal of people.terminals) {
      const { seq, room } = terminal.replica();
      if (!terminal.isLive() || seq !== committed.seq) continue;
      const difference = firstDifference(room, roomFor(committed.room, terminal.person));
      if (difference !== null)
        broken(`${terminal.person} at commit ${seq} sees another room than the agent's, at ${difference}`);
    }
  };
  /** What was told a moment ago may be on its way. */
  const isMissing = (seq: number): boolean => {
    const next = world.record.commits()[seq];
    return next !== undefined && world.time.wallMs() - toEpochMs(next.at) > ON_ITS_WAY_MS;
  };
  return {
    afterStep: () => {
      for (const terminal of people.terminals) {
        const { seq } = terminal.replica();
        const durable = world.record.commits().length;
        if (seq > durable) broken(`${terminal.person} was told of commit ${seq}, the disk is at ${durable}`);
      }
      steps += 1;
      if (steps % EVERY_STEPS === 0) compare();
    },
    whenCalm: () => {
      const seq = world.running()?.agent.committer.committed().seq;
      for (const terminal of people.terminals) {
        if (!terminal.isLive()) broken(`${terminal.person} is not connected, and nothing keeps them from it`);
        else if (isMissing(terminal.replica().seq))
          broken(`${terminal.person} is at commit ${terminal.replica().seq}, the agent at ${seq}`);
      }
      compare();
    },
  };
};

export const everyCommandIsAnswered: Invariant = (_world, broken, people) => ({
  whenCalm: () => {
    for (const terminal of people.terminals)
      for (const id of terminal.waiting()) broken(`command ${id} of ${terminal.person} is not answered`);
  },
});
