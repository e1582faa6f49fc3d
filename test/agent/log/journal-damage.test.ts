import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { hashOf } from '../../../src/agent/log/journal-line.ts';
import type { TornLine } from '../../../src/agent/log/read-journal.ts';
import { draft } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();
const journalIn = (directory: string): string => join(directory, 'journal', 'journal-000001.jsonl');

let lines: readonly string[] = [];

beforeAll(async () => {
  const directory = newDirectory();
  const log = await openFileEventLog({ directory });
  await Promise.all([0, 1, 2, 3].map((seq) => log.append(seq, draft(seq + 1, 'ü'))));
  await log.close();
  lines = readFileSync(journalIn(directory), 'utf8').slice(0, -1).split('\n');
});

const directoryWith = (journal: string | Buffer): string => {
  const directory = newDirectory();
  mkdirSync(join(directory, 'journal'));
  writeFileSync(journalIn(directory), journal);
  return directory;
};

const wholeJournal = (changed: readonly string[] = lines): string => `${changed.join('\n')}\n`;

it('a last line torn at any byte is cut, reported, and the log goes on from the line before', async () => {
  const sound = Buffer.from(wholeJournal(lines.slice(0, 3)));
  const last = Buffer.from(lines[3]!);
  const directory = directoryWith('');
  for (let kept = 1; kept <= last.length; kept++) {
    writeFileSync(journalIn(directory), Buffer.concat([sound, last.subarray(0, kept)]));
    const torn: TornLine[] = [];
    const log = await openFileEventLog({ directory, onTorn: (line) => torn.push(line) });
    expect(torn).toMatchObject([{ line: 4, bytes: kept }]);
    expect(log.head()).toEqual({ seq: 3, hash: hashOf(lines[2]!) });
    expect(readFileSync(journalIn(directory)).equals(sound)).toBe(true);
    if (kept % 50 === 1) expect(await log.append(3, draft(4))).toMatchObject({ ok: true, commit: { seq: 4 } });
    await log.close();
  }
});

it('a torn first line and a tail of zeros are cut', async () => {
  const tornFirst = directoryWith(lines[0]!.slice(0, 20));
  const first = await openFileEventLog({ directory: tornFirst });
  expect(first.head().seq).toBe(0);
  await first.close();
  const zeros = directoryWith(Buffer.concat([Buffer.from(wholeJournal()), Buffer.alloc(100)]));
  const torn: TornLine[] = [];
  const second = await openFileEventLog({ directory: zeros, onTorn: (line) => torn.push(line) });
  expect(second.head().seq).toBe(4);
  expect(torn).toMatchObject([{ line: 5, bytes: 100 }]);
  await second.close();
});

it('a sound journal is left as it is and nothing is reported', async () => {
  const directory = directoryWith(wholeJournal());
  const torn: TornLine[] = [];
  const log = await openFileEventLog({ directory, onTorn: (line) => torn.push(line) });
  await log.close();
  expect(torn).toEqual([]);
  expect(readFileSync(journalIn(directory), 'utf8')).toBe(wholeJournal());
});

describe('damage that no crash explains stops the open, names file and line, and changes nothing', () => {
  const replaced = (index: number, line: string): string => wholeJournal(lines.with(index, line));

  const damages: readonly [string, number, () => string | Buffer][] = [
    ['bad JSON in the middle', 2, () => replaced(1, lines[1]!.slice(0, -3))],
    ['bad JSON in a complete last line', 4, () => replaced(3, lines[3]!.slice(0, -3))],
    ['an empty line', 3, () => wholeJournal(lines.toSpliced(2, 0, ''))],
    ['a complete line that is no commit', 2, () => replaced(1, '{"v":1}')],
    ['a commit of another version', 1, () => replaced(0, lines[0]!.replace('"v":1', '"v":2'))],
    ['a changed word, seen at the next line', 3, () => replaced(1, lines[1]!.replace('ana', 'bob'))],
    ['a dropped line', 3, () => wholeJournal(lines.toSpliced(2, 1))],
    ['a dropped first line', 1, () => wholeJournal(lines.slice(1))],
    ['two lines exchanged', 2, () => wholeJournal([lines[0]!, lines[2]!, lines[1]!, lines[3]!])],
    ['a line twice', 3, () => wholeJournal(lines.toSpliced(2, 0, lines[1]!))],
    ['a wrong link in the last line', 4, () => replaced(3, lines[3]!.replace(/"prev":"."?/, '"prev":"z'))],
    ['a wrong number in the last line', 4, () => replaced(3, lines[3]!.replace('"seq":4', '"seq":5'))],
    ['bytes that are not UTF-8', 4, () => notUtf8(lines[3]!)],
    ['damage before a torn tail', 2, () => `${replaced(1, '{}')}{"v":1`],
  ];

  const notUtf8 = (line: string): Buffer => {
    const bytes = Buffer.from(`${wholeJournal(lines.slice(0, 3))}${line}\n`);
    bytes[bytes.lastIndexOf(Buffer.from('ü'))] = 0xff;
    return bytes;
  };

  it.each(damages)('%s', async (_, line, journal) => {
    const directory = directoryWith(journal());
    const before = readFileSync(journalIn(directory));
    await expect(openFileEventLog({ directory })).rejects.toMatchObject({
      code: 'journal-damaged',
      message: expect.stringContaining(`${journalIn(directory)}:${line}:`),
      nextStep: expect.stringContaining('backup'),
    });
    expect(readFileSync(journalIn(directory)).equals(before)).toBe(true);
  });

  it('a line longer than 64 MiB', async () => {
    const directory = directoryWith(wholeJournal());
    truncateSync(journalIn(directory), 70 * 1024 * 1024);
    await expect(openFileEventLog({ directory })).rejects.toMatchObject({
      code: 'journal-damaged',
      message: expect.stringContaining(':5: it is longer than 64 MiB'),
    });
  });
});
