// Owns putting a room of the core on a real log: what was decided becomes a journal, as an agent would have written it.
import { openAgentKey } from '../../src/agent/log/agent-key.ts';
import { openFileEventLog } from '../../src/agent/log/file-event-log.ts';
import type { Incident } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR } from '../../src/incident/time.ts';
import { manualClock } from './manual-clock.ts';
import type { RoomUnderTest } from './room.ts';

/** Appends all that the room has decided to the signed log of a state directory. */
export const written = async (directory: string, room: RoomUnderTest): Promise<void> => {
  const key = await openAgentKey(directory);
  const log = await openFileEventLog({ directory, signing: { key, after: manualClock().after } });
  for (const { seq, at, commandId, actor, events } of room.commits().slice(log.head().seq))
    await log.append(seq - 1, { at, commandId, actor, events });
  await log.close();
};

/** Declares and closes `count` incidents, lets a day pass and takes them out of the room. Returns each as it left. */
export const archivedIncidents = (room: RoomUnderTest, count: number): readonly Incident[] => {
  const left: Incident[] = [];
  for (let number = 0; number < count; number += 1) {
    room.declares([number % 2 === 0 ? 'checkout' : 'payments']);
    const id = Object.keys(room.room().incidents).at(-1) ?? '';
    room.does('ana', { type: 'add-note', incident: id, text: safeText(`note of ${id}`) });
    room.does('ben', { type: 'close', incident: id, falseAlarm: true, reason: safeText('no harm') });
    room.pass(25 * HOUR);
    left.push(room.incident(id));
    room.agentDoes({ type: 'archive-incident', incident: id, lastSeq: room.incident(id).lastSeq });
  }
  return left;
};
