// Owns the list of invariants, by name.
import { begunBeforeDone, claimedOnlyIfOurs, doneOnce, ledgerIsTheWorld } from './containment.ts';
import { closedWithNothingInPlace, endedByPersons, loweredByCommander, oneCommander } from './duties.ts';
import type { Invariant } from './invariant.ts';
import { acknowledgedIsDurable, decidedOnce, refusedIsNotDurable, replayEqualsAgent } from './journal.ts';
import { acknowledgedOnlyAsSeen, noBurst, noLevelSkipped, nothingEarly, nothingLate } from './ladder.ts';
import { noPageAfterTheEnd, noPageLost, repeatsAreMarked, requestedBeforeSent } from './pages.ts';
import { recoveryIsKnown } from './recovery.ts';
import { everyCommandIsAnswered, replicasEqualAgent } from './replicas.ts';

export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'an acknowledged command is never lost': acknowledgedIsDurable,
  'a command refused as not recorded is not there': refusedIsNotDurable,
  'a command is decided once': decidedOnce,
  'every command is answered': everyCommandIsAnswered,
  'every terminal shows the room as its person may see it': replicasEqualAgent,
  'the journal tells the same as the agent': replayEqualsAgent,
  'there is at most one commander': oneCommander,
  'severity is lowered only by the commander': loweredByCommander,
  'incidents are ended only by persons': endedByPersons,
  'an incident closes with nothing in place': closedWithNothingInPlace,
  'no level is skipped': noLevelSkipped,
  'levels do not come in a burst': noBurst,
  'no deadline fires early': nothingEarly,
  'no deadline is lost': nothingLate,
  'an acknowledgement stops nothing worse than what was seen': acknowledgedOnlyAsSeen,
  'no page goes out before its request is durable': requestedBeforeSent,
  'no page goes out after the end': noPageAfterTheEnd,
  'a repeated page says so': repeatsAreMarked,
  'no page is lost': noPageLost,
  'no effect comes before its commit': begunBeforeDone,
  'no effect is doubled': doneOnce,
  'only what we did is claimed': claimedOnlyIfOurs,
  'the ledger is the world': ledgerIsTheWorld,
  'unknown is never good news': recoveryIsKnown,
};
