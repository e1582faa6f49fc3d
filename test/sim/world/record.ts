// Owns what is on the disk for sure: every commit that would survive a power cut now, read from the bytes, not from what the agent says.
import { hash } from 'node:crypto';
import { decodeLine } from '../../../src/agent/log/journal-line.ts';
import type { Commit } from '../../../src/incident/commit.ts';
import { evolveCommit } from '../../../src/incident/evolve.ts';
import { emptyRoom, type Room } from '../../../src/incident/state.ts';
import type { SimulatedDisk } from './disk.ts';

export interface DurableRecord {
  commits(): readonly Commit[];
  /** What the durable commits make of the room, by an own fold. */
  room(): Room;
  /** SHA-256 of the last line. */
  head(): string;
  /** Looks at the disk again; tells of every commit that became durable since. */
  refresh(): void;
}

interface RecordListener {
  readonly onCommit: (commit: Commit, before: Room, after: Room) => void;
  readonly onDamage: (words: string) => void;
}

const NEWLINE = 0x0a;

export const durableRecord = (disk: SimulatedDisk, directory: string, told: RecordListener): DurableRecord => {
  const commits: Commit[] = [];
  let room = emptyRoom;
  let head = hash('sha256', '');
  let seenChanges = -1;
  /** How far each file was read, by its number. */
  const read = new Map<number, number>();

  const take = (line: Buffer): void => {
    const decoded = decodeLine(line);
    if (!decoded.ok) {
      told.onDamage(`line ${commits.length + 1} of the journal is whole, and ${decoded.damage}`);
      return;
    }
    const { commit } = decoded;
    if (commit.seq !== commits.length + 1 || commit.prev !== head) {
      told.onDamage(
        `line ${commits.length + 1} of the journal is commit ${commit.seq} and does not continue the one before`,
      );
      return;
    }
    const before = room;
    head = hash('sha256', line);
    room = evolveCommit(room, commit);
    commits.push(commit);
    told.onCommit(commit, before, room);
  };

  const readOn = (bytes: Buffer, from: number): number => {
    let start = from;
    for (let end = bytes.indexOf(NEWLINE, start); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      take(Buffer.from(bytes.subarray(start, end)));
      start = end + 1;
    }
    return start;
  };

  return {
    commits: () => commits,
    room: () => room,
    head: () => head,
    refresh: () => {
      if (disk.changes() === seenChanges) return;
      seenChanges = disk.changes();
      for (const { name, inode, bytes } of disk.durableIn(directory)) {
        if (!/^journal-\d+\.jsonl$/.test(name)) continue;
        const from = read.get(inode) ?? 0;
        if (bytes.length < from) told.onDamage(`${name} lost ${from - bytes.length} bytes that were durable`);
        else read.set(inode, readOn(bytes, from));
      }
    },
  };
};
