// Owns state directories of any age for benchmarks: incidents decided by the core, on a real log, archived as an agent does it.
import { openArchive } from '../src/agent/archive/archive.ts';
import { systemClock } from '../src/agent/clock.ts';
import { openAgentKey } from '../src/agent/log/agent-key.ts';
import { systemDisk } from '../src/agent/log/disk.ts';
import type { AppendResult } from '../src/agent/log/event-log.ts';
import { openFileEventLog } from '../src/agent/log/file-event-log.ts';
import { STATE_SHAPE } from '../src/agent/state-shape.ts';
import type { Command } from '../src/incident/commands.ts';
import type { Actor, CommitDraft } from '../src/incident/commit.ts';
import { decide } from '../src/incident/decide.ts';
import { evolveCommit } from '../src/incident/evolve.ts';
import { emptyRoom, type Room } from '../src/incident/state.ts';
import { safeText } from '../src/incident/text.ts';
import { HOUR, MINUTE, plusMs, type Timestamp } from '../src/incident/time.ts';
import { policy } from '../test/support/room.ts';

export interface Age {
  readonly events: number;
  /** All of them in the archive. */
  readonly incidents: number;
}

const PERSON: Actor = { kind: 'person', name: 'ana', token: 'local' };
const AGENT: Actor = { kind: 'agent', name: 'room' };
const SNAPSHOT_EVERY_COMMITS = 1_000;
/** What a killed agent leaves after its last snapshot, nearly the most there can be. */
const COMMITS_AFTER_SNAPSHOT = 900;
const MOST_IN_FLIGHT = 500;

/** Makes a state directory as an agent leaves it that is killed at its worst moment. The same each time. */
export const ageState = async (directory: string, { events, incidents }: Age): Promise<void> => {
  const log = await openFileEventLog({
    directory,
    signing: { key: await openAgentKey(directory), after: systemClock().after },
  });
  let room: Room = emptyRoom;
  let now: Timestamp = '2020-01-01T00:00:00.000Z';
  let seq = 0;
  let told = 0;
  let snapshot: { readonly seq: number; readonly room: Room } | null = null;
  let inFlight: Promise<AppendResult>[] = [];

  const settle = async (): Promise<void> => {
    for (const appended of await Promise.all(inFlight))
      if (!appended.ok) throw new Error(`an append failed: ${appended.reason}`);
    inFlight = [];
  };

  const does = async (actor: Actor, command: Command): Promise<void> => {
    const permission = actor.kind === 'person' ? 'commander' : null;
    const decision = decide(room, command, { now, actor, permission, policy });
    if (!decision.ok) throw new Error(`refused: ${decision.refusal.message}`);
    const draft: CommitDraft = { at: now, commandId: `aged-${seq}`, actor, events: decision.events };
    inFlight.push(log.append(seq, draft));
    seq += 1;
    told += decision.events.length;
    room = evolveCommit(room, { seq, ...draft });
    if (seq % SNAPSHOT_EVERY_COMMITS === 0) snapshot = { seq, room };
    now = plusMs(now, MINUTE);
    if (inFlight.length === MOST_IN_FLIGHT) await settle();
  };

  const declares = async (): Promise<string> => {
    const title = safeText('checkout fails: orders end in an error');
    await does(PERSON, { type: 'declare', title, services: [safeText('checkout')], severity: 'SEV2' });
    return Object.keys(room.incidents).at(-1) ?? '';
  };
  const notes = (incident: string): Promise<void> =>
    does(PERSON, {
      type: 'add-note',
      incident,
      text: safeText(`looked at instance ${seq}: the same failures as on the other side of the zone`),
    });
  const closes = (incident: string): Promise<void> =>
    does(PERSON, { type: 'close', incident, falseAlarm: true, reason: safeText('no harm was done') });

  const archive = openArchive({
    disk: systemDisk,
    stateDirectory: directory,
    room: () => room,
    readLog: () => log.read(1),
  });
  for (let number = 1; number <= incidents; number++) {
    const id = await declares();
    // Its close and its leaving come after them.
    while (told < (number * events) / incidents - 2) await notes(id);
    await closes(id);
    now = plusMs(now, 25 * HOUR);
    const incident = room.incidents[id];
    if (incident === undefined) throw new Error(`${id} left by itself`);
    await archive.keep(incident);
    await does(AGENT, { type: 'archive-incident', incident: id, lastSeq: incident.lastSeq });
  }
  const last = await declares();
  while (seq % SNAPSHOT_EVERY_COMMITS !== COMMITS_AFTER_SNAPSHOT - 1) await notes(last);
  await closes(last);
  await settle();
  const saved = snapshot as { readonly seq: number; readonly room: Room } | null;
  if (saved !== null) await log.saveSnapshot(saved.seq, { shape: STATE_SHAPE, room: saved.room });
  await log.close();
};
