import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { hashOf } from '../../../src/agent/log/journal-line.ts';
import { eventLogContract } from '../../contract/event-log-contract.ts';
import { collected, draft } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();

eventLogContract('file', async () => {
  const directory = newDirectory();
  return { open: () => openFileEventLog({ directory }), discard: async () => undefined };
});

it('the journal is JSON Lines, one commit a line, each with the hash of the line before', async () => {
  const directory = newDirectory();
  const log = await openFileEventLog({ directory });
  await Promise.all([0, 1, 2].map((seq) => log.append(seq, draft(seq + 1))));
  await log.close();
  const path = join(directory, 'journal', 'journal-000001.jsonl');
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split('\n');
  expect(Object.keys(JSON.parse(lines[0]!))).toEqual(['v', 'seq', 'prev', 'at', 'commandId', 'actor', 'events']);
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3]);
  expect(lines.map((line) => JSON.parse(line).prev)).toEqual([hashOf(''), hashOf(lines[0]!), hashOf(lines[1]!)]);
  expect(log.head().hash).toBe(hashOf(lines[2]!));
  expect(log.segments()).toMatchObject([{ path, firstSeq: 1, length: Buffer.byteLength(text) }]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('lines much longer than a chunk are read back', async () => {
  const directory = newDirectory();
  const log = await openFileEventLog({ directory });
  const long = 'x'.repeat(1_500_000);
  await Promise.all([log.append(0, draft(1, long)), log.append(1, draft(2)), log.append(2, draft(3, long))]);
  await log.close();
  const again = await openFileEventLog({ directory });
  const commits = await collected(again.read(1));
  expect(commits.map((commit) => commit.seq)).toEqual([1, 2, 3]);
  expect(commits[2]?.events).toEqual(draft(3, long).events);
  await again.close();
});

it('a commit longer than 64 MiB is refused alone', async () => {
  const log = await openFileEventLog({ directory: newDirectory() });
  const [tooLong, next] = await Promise.all([
    log.append(0, { ...draft(1), commandId: 'x'.repeat(64 * 1024 * 1024) }),
    log.append(0, draft(1)),
  ]);
  expect(tooLong).toMatchObject({ ok: false, reason: 'unwritable' });
  expect(next.ok).toBe(true);
  await log.close();
});

it('a state directory that cannot be written is an operator error with a next step', async () => {
  const file = join(newDirectory(), 'file');
  writeFileSync(file, '');
  await expect(openFileEventLog({ directory: file })).rejects.toMatchObject({
    code: 'state-unwritable',
    nextStep: expect.stringContaining('WARROOM_STATE_DIR'),
  });
});
