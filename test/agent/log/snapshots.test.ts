import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type FileEventLog, openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { draft } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();
const snapshotPath = (directory: string, seq: number): string => join(directory, 'snapshots', `snapshot-${seq}.json`);

const logWith = async (commits: number): Promise<{ readonly directory: string; readonly log: FileEventLog }> => {
  const directory = newDirectory();
  const log = await openFileEventLog({ directory });
  await Promise.all(Array.from({ length: commits }, (_, i) => log.append(i, draft(i + 1))));
  return { directory, log };
};

it('the newest two are kept, and what a crash left half written is swept away', async () => {
  const { directory, log } = await logWith(4);
  await log.saveSnapshot(1, 'one');
  writeFileSync(`${snapshotPath(directory, 1)}.0123456789ab.tmp`, 'half');
  await Promise.all([log.saveSnapshot(2, 'two'), log.saveSnapshot(3, 'three'), log.saveSnapshot(4, 'four')]);
  expect(readdirSync(join(directory, 'snapshots')).sort()).toEqual(['snapshot-3.json', 'snapshot-4.json']);
  await log.close();
});

it.each([
  ['cut short', (path: string) => truncateSync(path, readFileSync(path).length - 5)],
  ['emptied', (path: string) => truncateSync(path, 0)],
  ['changed in one letter', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace('new', 'now'))],
  ['renumbered', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace('"seq":3', '"seq":2'))],
])('a snapshot that was %s is passed over for the one before', async (_, damage) => {
  const { directory, log } = await logWith(3);
  await log.saveSnapshot(2, 'old');
  await log.saveSnapshot(3, 'new');
  damage(snapshotPath(directory, 3));
  expect(await log.latestSnapshot()).toEqual({ seq: 2, state: 'old' });
  damage(snapshotPath(directory, 2));
  if (!existsSync(snapshotPath(directory, 1))) truncateSync(snapshotPath(directory, 2), 3);
  expect(await log.latestSnapshot()).toBeNull();
  await log.close();
});

it('a snapshot beyond the head is ignored, and goes when the next one is saved', async () => {
  const longer = await logWith(5);
  await longer.log.saveSnapshot(5, 'five');
  await longer.log.close();
  const { directory, log } = await logWith(3);
  await cp(join(longer.directory, 'snapshots'), join(directory, 'snapshots'), { recursive: true });
  expect(await log.latestSnapshot()).toBeNull();
  await log.saveSnapshot(3, 'three');
  expect(await log.latestSnapshot()).toEqual({ seq: 3, state: 'three' });
  expect(existsSync(snapshotPath(directory, 5))).toBe(false);
  await log.close();
});

it('a snapshot of another log is ignored', async () => {
  const other = newDirectory();
  const otherLog = await openFileEventLog({ directory: other });
  await otherLog.append(0, draft(7));
  await otherLog.append(1, draft(8));
  await otherLog.saveSnapshot(1, 'of the other');
  await otherLog.close();
  const { directory, log } = await logWith(2);
  await cp(join(other, 'snapshots'), join(directory, 'snapshots'), { recursive: true });
  expect(await log.latestSnapshot()).toBeNull();
  await log.close();
});

it('a disk that refuses a snapshot is an operator error, and the log goes on', async () => {
  const { directory, log } = await logWith(1);
  writeFileSync(join(directory, 'snapshots'), 'in the way');
  await expect(log.saveSnapshot(1, {})).rejects.toMatchObject({ code: 'state-unwritable' });
  expect((await log.append(1, draft(2))).ok).toBe(true);
  await log.close();
});
