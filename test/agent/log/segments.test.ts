import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Disk, systemDisk } from '../../../src/agent/log/disk.ts';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { SEGMENT_BYTES } from '../../../src/agent/log/segments.ts';
import { safeText } from '../../../src/incident/text.ts';
import { collected, draft } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();

/** So long that eight of them fill a segment. */
const long = (number: number) => ({
  ...draft(number),
  events: [{ type: 'configuration.refused', problem: safeText('x'.repeat(SEGMENT_BYTES / 8), SEGMENT_BYTES) } as const],
});

const filled = async (directory: string, commits: number): Promise<void> => {
  const log = await openFileEventLog({ directory });
  for (let number = log.head().seq + 1; number <= commits; number += 1) await log.append(number - 1, long(number));
  await log.close();
};

const journalIn = (directory: string): string => join(directory, 'journal');
const files = (directory: string): readonly string[] => readdirSync(journalIn(directory)).sort();

/** A disk that tells which files were read. */
const telling = (): { readonly disk: Disk; readonly read: string[] } => {
  const read: string[] = [];
  return {
    read,
    disk: {
      ...systemDisk,
      read: (path, start, end) => {
        if (path.endsWith('.jsonl') && end > start) read.push(path.slice(-12));
        return systemDisk.read(path, start, end);
      },
    },
  };
};

describe('a journal of several files', () => {
  let directory: string;
  beforeAll(async () => {
    directory = newDirectory();
    await filled(directory, 20);
  });

  it('begins another file once one has grown, and never writes to an older one again', async () => {
    expect(files(directory)).toEqual(['journal-000001.jsonl', 'journal-000009.jsonl', 'journal-000017.jsonl']);
    const before = statSync(join(journalIn(directory), 'journal-000009.jsonl'));
    await filled(directory, 21);
    expect(statSync(join(journalIn(directory), 'journal-000009.jsonl')).mtimeMs).toBe(before.mtimeMs);
  });

  it('reads on from any commit, over the ends of files', async () => {
    const log = await openFileEventLog({ directory });
    for (const from of [1, 8, 9, 16, 17, 18, 21]) {
      const seqs = (await collected(log.read(from))).map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: log.head().seq - from + 1 }, (_, index) => from + index));
    }
    await log.close();
  });

  it('reads at its start only what no snapshot holds', async () => {
    const log = await openFileEventLog({ directory });
    await log.saveSnapshot(18, { it: 'was so' });
    await log.close();
    const { disk, read } = telling();
    const again = await openFileEventLog({ directory, disk });
    expect(new Set(read)).toEqual(new Set(['000017.jsonl']));
    expect(await again.latestSnapshot()).toEqual({ seq: 18, state: { it: 'was so' } });
    expect(again.head().seq).toBe(21);
    await again.close();
  });
});

describe('a journal of several files that is not whole', () => {
  it.each([
    ['the first file is gone', 'journal-000001.jsonl', /journal-000009.jsonl:1: the commits before 9 are missing/],
    [
      'a file between is gone',
      'journal-000009.jsonl',
      /journal-000017.jsonl:1: it begins at commit 17 where 9 belongs/,
    ],
  ])('says so when %s', async (_what, name, words) => {
    const directory = newDirectory();
    await filled(directory, 18);
    rmSync(join(journalIn(directory), name));
    await expect(openFileEventLog({ directory })).rejects.toMatchObject({ message: expect.stringMatching(words) });
  });

  it('says so when an older file was cut short', async () => {
    const directory = newDirectory();
    await filled(directory, 10);
    const path = join(journalIn(directory), 'journal-000001.jsonl');
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    await expect(openFileEventLog({ directory })).rejects.toMatchObject({
      message: expect.stringMatching(/journal-000001.jsonl:8: it is cut short, and another file follows/),
    });
  });

  it('says so when an older file was changed and must be read, because the snapshot that spared it is of no use', async () => {
    const directory = newDirectory();
    await filled(directory, 18);
    const before = await openFileEventLog({ directory });
    await before.saveSnapshot(18, { it: 'was so' });
    await before.close();
    const path = join(journalIn(directory), 'journal-000001.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('command-3', 'command-7'));
    writeFileSync(join(directory, 'snapshots', 'snapshot-18.json'), 'zeros');
    const log = await openFileEventLog({ directory });
    expect(await log.latestSnapshot()).toBeNull();
    const changed = /journal-000001.jsonl:4: it does not continue the line before/;
    for (const from of [1, 3, 4]) await expect(collected(log.read(from))).rejects.toThrow(changed);
    expect((await collected(log.read(5))).length).toBe(14);
    await log.close();
  });

  it('goes on in a file that was begun just before a crash', async () => {
    const directory = newDirectory();
    await filled(directory, 8);
    writeFileSync(join(journalIn(directory), 'journal-000009.jsonl'), '');
    const log = await openFileEventLog({ directory });
    expect(log.head().seq).toBe(8);
    await log.saveSnapshot(8, {});
    expect(await log.append(8, draft(9))).toMatchObject({ ok: true, commit: { seq: 9 } });
    await log.close();
    expect(files(directory)).toEqual(['journal-000001.jsonl', 'journal-000009.jsonl']);
    const again = await openFileEventLog({ directory });
    expect(again.head()).toEqual(log.head());
    await again.close();
  });
});
