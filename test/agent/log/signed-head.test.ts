import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAgentKey } from '../../../src/agent/log/agent-key.ts';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import type { TornLine } from '../../../src/agent/log/read-journal.ts';
import { isSigned, parseSignedHead } from '../../../src/agent/log/signed-head.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/until.ts';
import { draft } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();
const headIn = (directory: string): string => join(directory, 'journal', 'head.json');
const journalIn = (directory: string): string => join(directory, 'journal', 'journal-000001.jsonl');
const signedIn = (directory: string) => parseSignedHead(readFileSync(headIn(directory), 'utf8'));

const opened = async (directory: string) => {
  const clock = manualClock();
  const key = await openAgentKey(directory);
  return { clock, log: await openFileEventLog({ directory, signing: { key, after: clock.after } }) };
};

const signed = async (commits: number): Promise<string> => {
  const directory = newDirectory();
  const { log } = await opened(directory);
  for (let seq = 0; seq < commits; seq += 1) await log.append(seq, draft(seq + 1));
  await log.close();
  return directory;
};

describe('the signed head', () => {
  it('is signed within a second of what became durable, and at the end', async () => {
    const directory = newDirectory();
    const { log, clock } = await opened(directory);
    await log.append(0, draft(1));
    await clock.advance(1_000);
    await until('it is signed', () => existsSync(headIn(directory)) && signedIn(directory)?.seq === 1);
    await log.append(1, draft(2));
    await log.close();
    const head = signedIn(directory);
    expect(head).toMatchObject({ seq: 2, hash: log.head().hash });
    expect(head !== null && isSigned(head)).toBe(true);
  });

  it('keeps its key to its owner, and the same key over restarts', async () => {
    const directory = await signed(1);
    expect(statSync(join(directory, 'agent-key.pem')).mode & 0o777).toBe(0o600);
    const before = signedIn(directory)?.key;
    const { log } = await opened(directory);
    await log.append(1, draft(2));
    await log.close();
    expect(signedIn(directory)?.key).toBe(before);
  });

  it('tells what a power cut left half written, zeros and later pages, from what was changed since', async () => {
    const directory = newDirectory();
    const { log, clock } = await opened(directory);
    await log.append(0, draft(1));
    await clock.advance(1_000);
    await until('it is signed', () => existsSync(headIn(directory)) && signedIn(directory)?.seq === 1);
    const head = readFileSync(headIn(directory));
    await Promise.all([2, 3, 4].map((seq) => log.append(seq - 1, draft(seq, 'y'.repeat(5_000)))));
    await log.close();
    const whole = readFileSync(journalIn(directory));
    const zeroed = Buffer.from(whole).fill(0, 4_096, 8_192);
    writeFileSync(journalIn(directory), zeroed);
    // As signed at the end: everything in it was acknowledged.
    await expect(openFileEventLog({ directory })).rejects.toThrow(/journal-000001.jsonl:2: it is not JSON/);
    expect(readFileSync(journalIn(directory)).equals(zeroed)).toBe(true);
    // As signed before: nobody was told that the rest was done.
    writeFileSync(headIn(directory), head);
    const torn: TornLine[] = [];
    const again = await openFileEventLog({ directory, onTorn: (line) => torn.push(line) });
    expect(again.head().seq).toBe(1);
    expect(torn).toMatchObject([{ line: 2, bytes: whole.length - whole.indexOf('\n') - 1 }]);
    expect(await again.append(1, draft(2))).toMatchObject({ ok: true });
    await again.close();
  });

  it('finds that whole lines were cut off the end', async () => {
    const directory = await signed(3);
    const lines = readFileSync(journalIn(directory), 'utf8').split('\n');
    writeFileSync(journalIn(directory), `${lines.slice(0, 2).join('\n')}\n`);
    await expect(openFileEventLog({ directory })).rejects.toMatchObject({
      code: 'journal-damaged',
      message: expect.stringMatching(/commit 3 was signed, and the journal ends at 2: the rest is missing/),
    });
  });

  it('finds a change in the very last line', async () => {
    const directory = await signed(3);
    const text = readFileSync(journalIn(directory), 'utf8');
    writeFileSync(journalIn(directory), text.replace(/command-3/, 'command-X'));
    await expect(openFileEventLog({ directory })).rejects.toMatchObject({
      message: expect.stringMatching(/commit 3 of the journal is not the one that was signed/),
    });
  });

  it.each([
    ['is no signed head', () => '{}', /it is not a signed head/],
    ['was changed', (text: string) => text.replace('"seq":3', '"seq":2'), /its signature does not fit/],
  ])('says so when it %s', async (_what, change, words) => {
    const directory = await signed(3);
    writeFileSync(headIn(directory), change(readFileSync(headIn(directory), 'utf8')));
    await expect(openFileEventLog({ directory })).rejects.toMatchObject({ message: expect.stringMatching(words) });
    // As the error advises.
    rmSync(headIn(directory));
    const log = await openFileEventLog({ directory });
    expect(log.head().seq).toBe(3);
    await log.close();
  });
});
