import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Disk, type DiskFile, systemDisk } from '../../../src/agent/log/disk.ts';
import type { AppendResult } from '../../../src/agent/log/event-log.ts';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { collected, draft } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();

interface FailingDisk {
  /** Bytes the disk still takes; then ENOSPC. */
  room: number;
  refusesSync: boolean;
  refusesTruncate: boolean;
  readonly disk: Disk;
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: the disk refuses`), { code });

const writingBy = (openToAppend: (path: string) => Promise<DiskFile>): Disk => ({ ...systemDisk, openToAppend });

/** A real file on a disk that fails as told. */
const failingDisk = (): FailingDisk => {
  const disk: FailingDisk = {
    room: Number.POSITIVE_INFINITY,
    refusesSync: false,
    refusesTruncate: false,
    disk: writingBy(async (path) => {
      const file = await open(path, 'a', 0o600);
      return {
        write: async (bytes) => {
          if (disk.room === 0) throw failure('ENOSPC');
          const taken = bytes.subarray(0, Math.min(bytes.length, disk.room));
          disk.room -= taken.length;
          return file.write(taken);
        },
        datasync: async () => {
          if (disk.refusesSync) throw failure('EIO');
          await file.datasync();
        },
        truncate: async (length) => {
          if (disk.refusesTruncate) throw failure('EIO');
          await file.truncate(length);
        },
        close: () => file.close(),
      };
    }),
  };
  return disk;
};

const openOn = async (disk: FailingDisk) => {
  const directory = newDirectory();
  const log = await openFileEventLog({ directory, disk: disk.disk });
  await log.append(0, draft(1));
  const journal = () => readFileSync(log.segments()[0]?.path ?? '', 'utf8');
  return { directory, log, journal, sound: journal() };
};

const reasonOf = (result: AppendResult): string => (result.ok ? 'ok' : result.reason);

it('a full disk fails the append and all in flight behind it, and leaves no half line', async () => {
  const disk = failingDisk();
  const { log, journal, sound } = await openOn(disk);
  disk.room = 100;
  const first = log.append(1, draft(2));
  const behind = [log.append(2, draft(3)), log.append(3, draft(4))];
  expect((await first).ok).toBe(false);
  expect(await Promise.all([first, ...behind])).toEqual(
    Array(3).fill({ ok: false, reason: 'unwritable', detail: 'ENOSPC: the disk refuses', takenBack: true }),
  );
  expect(journal()).toBe(sound);
  expect(log.head().seq).toBe(1);
  await log.close();
});

it('what is queued during a failing sync fails with it; the tip returns to the durable head', async () => {
  const disk = failingDisk();
  const { log, journal, sound } = await openOn(disk);
  disk.refusesSync = true;
  const first = log.append(1, draft(2));
  await Promise.resolve();
  await Promise.resolve();
  const second = log.append(2, draft(3));
  expect([reasonOf(await first), reasonOf(await second)]).toEqual(['unwritable', 'unwritable']);
  expect(journal()).toBe(sound);
  disk.refusesSync = false;
  expect(reasonOf(await log.append(3, draft(4)))).toBe('conflict');
  expect(await log.append(1, draft(2))).toMatchObject({ ok: true, commit: { seq: 2 } });
  await log.close();
});

it('when the disk takes writes again the log goes on, and what failed is nowhere', async () => {
  const disk = failingDisk();
  const { directory, log } = await openOn(disk);
  const heard: string[] = [];
  log.subscribe(1, (commit) => heard.push(commit.commandId));
  disk.room = 10;
  await log.append(1, { ...draft(2), commandId: 'lost' });
  disk.room = Number.POSITIVE_INFINITY;
  await log.append(1, { ...draft(2), commandId: 'kept' });
  await log.close();
  expect(heard).toEqual(['command-1', 'kept']);
  const again = await openFileEventLog({ directory });
  const stored = (await collected(again.read(1))).map((commit) => commit.commandId);
  expect(stored).toEqual(['command-1', 'kept']);
  await again.close();
});

it('while half a line cannot be cut off, appends are refused; once it can, they are taken', async () => {
  const disk = failingDisk();
  const { directory, log, journal, sound } = await openOn(disk);
  disk.room = 30;
  disk.refusesTruncate = true;
  expect(reasonOf(await log.append(1, draft(2)))).toBe('unwritable');
  expect(journal().length).toBe(sound.length + 30);
  disk.room = Number.POSITIVE_INFINITY;
  expect(reasonOf(await log.append(1, draft(2)))).toBe('unwritable');
  expect(journal().length).toBe(sound.length + 30);
  disk.refusesTruncate = false;
  expect(reasonOf(await log.append(1, draft(2)))).toBe('ok');
  await log.close();
  const again = await openFileEventLog({ directory });
  expect(again.head().seq).toBe(2);
  await again.close();
});

it('a whole line that can be neither kept nor cut off is not said to be taken back: it counts at the next start', async () => {
  const disk = failingDisk();
  const { directory, log } = await openOn(disk);
  disk.refusesSync = true;
  disk.refusesTruncate = true;
  const first = log.append(1, draft(2));
  await Promise.resolve();
  await Promise.resolve();
  const queued = log.append(2, draft(3));
  expect(await first).toMatchObject({ reason: 'unwritable', takenBack: false });
  expect(await queued).toMatchObject({ reason: 'unwritable', takenBack: true });
  // Nothing of a further one is written while the end is not clean.
  expect(await log.append(1, draft(2))).toMatchObject({ reason: 'unwritable', takenBack: true });
  const again = await openFileEventLog({ directory });
  expect(again.head().seq).toBe(2);
  await again.close();
  await log.close();
});

it('half a line that cannot be cut off is taken back all the same: it can never count', async () => {
  const disk = failingDisk();
  const { log } = await openOn(disk);
  disk.room = 30;
  disk.refusesTruncate = true;
  expect(await log.append(1, draft(2))).toMatchObject({ reason: 'unwritable', takenBack: true });
  await log.close();
});

it('closing cuts what could not be cut before', async () => {
  const disk = failingDisk();
  const { log, journal, sound } = await openOn(disk);
  disk.refusesSync = true;
  disk.refusesTruncate = true;
  await log.append(1, draft(2));
  expect(journal().length).toBeGreaterThan(sound.length);
  disk.refusesSync = false;
  disk.refusesTruncate = false;
  await log.close();
  expect(journal()).toBe(sound);
});

it('short writes are continued until the line is whole', async () => {
  const directory = newDirectory();
  const drip = async (path: string): Promise<DiskFile> => {
    const file = await open(path, 'a', 0o600);
    return {
      write: (bytes) => file.write(bytes.subarray(0, 7)),
      datasync: () => file.datasync(),
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  };
  const log = await openFileEventLog({ directory, disk: writingBy(drip) });
  await Promise.all([log.append(0, draft(1)), log.append(1, draft(2))]);
  await log.close();
  const again = await openFileEventLog({ directory });
  expect(again.head()).toEqual(log.head());
  await again.close();
});

it('appends that arrive during a sync share the next one', async () => {
  let syncs = 0;
  const counting = async (path: string): Promise<DiskFile> => {
    const file = await open(path, 'a', 0o600);
    return {
      write: (bytes) => file.write(bytes),
      datasync: async () => {
        syncs += 1;
        await file.datasync();
      },
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  };
  const log = await openFileEventLog({ directory: newDirectory(), disk: writingBy(counting) });
  const syncsAtOpen = syncs;
  const first = log.append(0, draft(1));
  await Promise.resolve();
  await Promise.resolve();
  const others = Array.from({ length: 50 }, (_, i) => log.append(1 + i, draft(2 + i)));
  expect((await Promise.all([first, ...others])).every((result) => result.ok)).toBe(true);
  expect(syncs - syncsAtOpen).toBe(2);
  await log.close();
});

it('what a killed agent left unsynced is made durable before it counts, or the log does not open', async () => {
  const directory = newDirectory();
  const before = await openFileEventLog({ directory });
  await before.append(0, draft(1));
  await before.close();
  const disk = failingDisk();
  disk.refusesSync = true;
  await expect(openFileEventLog({ directory, disk: disk.disk })).rejects.toMatchObject({ code: 'state-unwritable' });
  disk.refusesSync = false;
  const after = await openFileEventLog({ directory, disk: disk.disk });
  expect(after.head().seq).toBe(1);
  await after.close();
});
