// Owns the rule of good news: only what was known, and well, for long enough is proposed as over.
import { toEpochMs } from '../../../src/incident/time.ts';
import type { Invariant } from './invariant.ts';

/** A proposal that waited for the disk was judged by what was then. */
const JUST_NOW_MS = 1_000;

export const recoveryIsKnown: Invariant = (world, broken) => ({
  onCommit: (commit, before) => {
    for (const event of commit.events) {
      if (event.type !== 'recovery.proposed') continue;
      if (Math.abs(world.time.wallMs() - toEpochMs(commit.at)) > JUST_NOW_MS) continue;
      const incident = before.incidents[event.incident];
      for (const service of incident?.services ?? []) {
        const since = world.signals.wellSinceMs(service);
        const name = world.signals.condition(service).name;
        if (since === null)
          broken(`${event.incident}: recovery is proposed while ${service} is ${name} (commit ${commit.seq})`);
        else if (world.time.elapsedMs() - since + world.time.smallJumpsMs(since) < world.policy().recoveryAfterMs)
          broken(
            `${event.incident}: recovery is proposed ${world.time.elapsedMs() - since} ms after ${service} became well (commit ${commit.seq})`,
          );
      }
    }
  },
});
