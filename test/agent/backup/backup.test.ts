import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { describe, expect, it } from 'vitest';
import { backUp } from '../../../src/agent/backup/back-up.ts';
import { restore } from '../../../src/agent/backup/restore.ts';
import { type ArchiveFile, writeArchive } from '../../../src/agent/backup/tar-file.ts';
import { openAgentKey } from '../../../src/agent/log/agent-key.ts';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { openStateDirectory } from '../../../src/agent/state-directory.ts';
import type { CommitDraft } from '../../../src/incident/commit.ts';
import { safeText } from '../../../src/incident/text.ts';
import { until } from '../../support/until.ts';
import { temporaryDirectories } from '../log/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const now = new Date('2026-11-22T03:15:00Z');
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const journalIn = (directory: string): string => join(directory, 'journal', 'journal-000001.jsonl');

const append = async (directory: string, count: number): Promise<void> => {
  const log = await openFileEventLog({ directory });
  for (let n = 0; n < count; n++) {
    const { seq } = log.head();
    await log.append(seq, {
      at: '2026-11-22T03:00:00.000Z',
      commandId: `command-${seq}`,
      actor: { kind: 'agent', name: 'room' },
      events: [{ type: 'agent.started', version: 'test' }],
    });
  }
  await log.close();
};

const stateWith = async (commits: number): Promise<string> => {
  const directory = join(newDirectory(), 'state');
  mkdirSync(directory, { mode: 0o700 });
  await append(directory, commits);
  writeFileSync(join(directory, 'token'), 'a'.repeat(64), { mode: 0o600 });
  writeFileSync(join(directory, 'port'), '{}');
  return directory;
};

const backedUp = async (directory: string): Promise<string> => {
  const file = join(newDirectory(), 'backup.tar.gz');
  await backUp({ directory, file, version: 'test', now });
  return file;
};

const soon = (_ms: number, wake: () => void): (() => void) => {
  const timer = setTimeout(wake, 1);
  return () => clearTimeout(timer);
};

const long = (seq: number): CommitDraft => ({
  at: '2026-11-22T03:00:00.000Z',
  commandId: `long-${seq}`,
  actor: { kind: 'agent', name: 'room' },
  events: [{ type: 'configuration.refused', problem: safeText('x'.repeat(512 * 1024), 512 * 1024) }],
});

const restoreTo = (file: string, directory: string, replace = false) => restore({ file, directory, replace, now });

const listed = (file: string): readonly string[] =>
  execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).trim().split('\n');

describe('a backup', () => {
  it('is one archive that any tar reads, for its user alone, with everything but what is said of the running agent', async () => {
    const directory = await stateWith(3);
    mkdirSync(join(directory, 'demo'));
    writeFileSync(join(directory, 'demo', 'shop.json'), '{}');
    writeFileSync(join(directory, 'half.tmp'), 'x');
    writeFileSync(join(directory, 'agent-key.pem'), 'key');
    const server = createServer().listen(join(directory, 'agent-1.sock'));
    const file = join(newDirectory(), 'backup.tar.gz');
    expect(await backUp({ directory, file, version: 'test', now })).toMatchObject({ files: 3, seq: 3 });
    server.close();
    expect(modeOf(file)).toBe(0o600);
    expect(listed(file)).toEqual([
      'warroom-backup.json',
      'state/token',
      'state/agent-key.pem',
      'state/journal/journal-000001.jsonl',
    ]);
  });

  it('ends with the last whole line, whatever is being written behind it', async () => {
    const directory = await stateWith(2);
    const whole = readFileSync(journalIn(directory), 'utf8');
    writeFileSync(journalIn(directory), `${whole}{"v":1,"seq":3,"prev":"half a li`);
    const target = join(newDirectory(), 'state');
    await restoreTo(await backedUp(directory), target);
    expect(readFileSync(journalIn(target), 'utf8')).toBe(whole);
  });

  it('can be restored when the agent wrote on, began files and signed while it was made', async () => {
    const directory = await stateWith(0);
    writeFileSync(join(directory, 'signals.jsonl'), `${randomBytes(1024 * 1024).toString('hex')}\n`);
    const key = await openAgentKey(directory);
    const log = await openFileEventLog({ directory, signing: { key, after: soon } });
    await log.append(0, long(0));
    await until('a signed head', () => existsSync(join(directory, 'journal', 'head.json')));
    const making = { isOver: false };
    const made = backedUp(directory).finally(() => {
      making.isOver = true;
    });
    const began = log.segments().length;
    while (!making.isOver || log.segments().length < began + 1) await log.append(log.head().seq, long(log.head().seq));
    await log.close();
    const restored = join(newDirectory(), 'restored');
    await restoreTo(await made, restored);
    const again = await openFileEventLog({ directory: restored });
    expect(again.head().seq).toBeGreaterThan(0);
    await again.close();
  });

  it('never replaces a file, and leaves nothing behind when it cannot be written', async () => {
    const directory = await stateWith(1);
    const place = newDirectory();
    const file = join(place, 'backup.tar.gz');
    writeFileSync(file, 'mine');
    await expect(backUp({ directory, file, version: 'test', now })).rejects.toMatchObject({ code: 'bad-usage' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const nowhere = join(place, 'none', 'backup.tar.gz');
    await expect(backUp({ directory, file: nowhere, version: 'test', now })).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringContaining(nowhere),
    });
    expect(readdirSync(place)).toEqual(['backup.tar.gz']);
  });

  it('of a directory without a journal is refused in words', async () => {
    const directory = newDirectory();
    const file = join(newDirectory(), 'b.tar.gz');
    await expect(backUp({ directory, file, version: 'test', now })).rejects.toMatchObject({
      message: expect.stringContaining('nothing to back up'),
    });
    await expect(backUp({ directory: join(directory, 'none'), file, version: 'test', now })).rejects.toMatchObject({
      code: 'state-unwritable',
    });
  });
});

describe('a restore', () => {
  it('gives every file back as it was, for its user alone', async () => {
    const directory = await stateWith(40);
    const target = join(newDirectory(), 'deeper', 'state');
    const restored = await restoreTo(await backedUp(directory), target);
    expect(restored).toEqual({ directory: target, seq: 40, files: 2, madeAt: now.toISOString(), movedTo: null });
    expect(readFileSync(journalIn(target))).toEqual(readFileSync(journalIn(directory)));
    expect(readFileSync(join(target, 'token'), 'utf8')).toBe('a'.repeat(64));
    expect([target, join(target, 'journal'), join(target, 'token')].map(modeOf)).toEqual([0o700, 0o700, 0o600]);
  });

  it('takes an empty directory, also one that a dead agent had', async () => {
    const file = await backedUp(await stateWith(1));
    const target = newDirectory();
    await (await openStateDirectory(target)).release();
    expect(await restoreTo(file, target)).toMatchObject({ movedTo: null });
    expect(existsSync(journalIn(target))).toBe(true);
  });

  it('refuses a directory that is not empty, and moves it aside when told to', async () => {
    const file = await backedUp(await stateWith(5));
    const target = await stateWith(2);
    const before = readFileSync(journalIn(target));
    await expect(restoreTo(file, target)).rejects.toMatchObject({ nextStep: expect.stringContaining('--replace') });
    expect(readFileSync(journalIn(target))).toEqual(before);
    const { movedTo } = await restoreTo(file, target, true);
    expect(movedTo).toMatch(/state\.before-restore-20261122-031500-\w{4}$/);
    expect(readFileSync(journalIn(movedTo!))).toEqual(before);
    expect(readFileSync(journalIn(target), 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('goes where a link leads, and the link stays', async () => {
    const file = await backedUp(await stateWith(2));
    const place = newDirectory();
    mkdirSync(join(place, 'private'));
    symlinkSync('private', join(place, 'state'));
    await restoreTo(file, join(place, 'state'));
    expect(readdirSync(place).toSorted()).toEqual(['private', 'state']);
    expect(existsSync(journalIn(join(place, 'private')))).toBe(true);
  });

  it('refuses a directory in which an agent runs, also with --replace', async () => {
    const file = await backedUp(await stateWith(1));
    const target = await stateWith(1);
    const agent = await openStateDirectory(target);
    await expect(restoreTo(file, target, true)).rejects.toMatchObject({ code: 'agent-running' });
    await agent.release();
    expect(await restoreTo(file, target, true)).toMatchObject({ seq: 1 });
  });
});

/** A file as somebody else may have made it. */
const archiveOf = async (entries: readonly { readonly path: string; readonly text: string }[]): Promise<string> => {
  const file = join(newDirectory(), 'made.tar.gz');
  const files = entries.map(
    ({ path, text }): ArchiveFile => ({
      path,
      size: Buffer.byteLength(text),
      modifiedAt: now,
      chunks: [Buffer.from(text)],
    }),
  );
  await writeArchive(Readable.from(files), async (piece) => appendFileSync(file, piece));
  return file;
};

const manifest = { path: 'warroom-backup.json', text: '{"v":1,"madeAt":"2026-11-22T03:15:00.000Z","version":"9"}' };

const rawEntry = (header: ConstructorParameters<typeof Header>[0]): Buffer => {
  const made = new Header({ mode: 0o644, size: 0, mtime: now, ...header });
  made.encode();
  return made.block as Buffer;
};

/** The archive with an entry put in behind the first. */
const withEntry = async (header: ConstructorParameters<typeof Header>[0]): Promise<string> => {
  const bytes = gunzipSync(readFileSync(await backedUp(await stateWith(1))));
  const file = join(newDirectory(), 'evil.tar.gz');
  writeFileSync(file, gzipSync(Buffer.concat([bytes.subarray(0, 1_024), rawEntry(header), bytes.subarray(1_024)])));
  return file;
};

const changed = async (change: (bytes: Buffer) => Buffer): Promise<string> => {
  const file = await backedUp(await stateWith(30));
  writeFileSync(file, change(readFileSync(file)));
  return file;
};

describe('a file that is no whole backup', () => {
  const refused: [string, () => Promise<string>, RegExp][] = [
    ['nothing', async () => join(newDirectory(), 'none.tar.gz'), /none\.tar\.gz.*ENOENT/],
    ['a directory', async () => newDirectory(), /cannot be read as a backup/],
    ['some text', () => archiveOf([{ path: 'notes.txt', text: 'hello' }]), /is no backup of warroom/],
    ['bytes of anything', () => changed(() => Buffer.from('hello, this is no archive at all')), /cannot be read/],
    ['nothing but a name', () => changed(() => Buffer.alloc(0)), /made|backup/],
    ['a backup cut short', () => changed((bytes) => bytes.subarray(0, bytes.length / 2)), /cannot be read/],
    ['a backup without its last bytes', () => changed((bytes) => bytes.subarray(0, -9)), /cannot be read/],
    ['a flipped bit', () => changed((bytes) => bytes.fill(bytes[900]! ^ 4, 900, 901)), /backup/],
    ['a newer form', () => archiveOf([{ ...manifest, text: manifest.text.replace('1', '2') }]), /made by warroom 9/],
    ['no journal', () => archiveOf([manifest, { path: 'state/token', text: 'x' }]), /journal.*empty/],
    ['a link', () => withEntry({ path: 'state/x', type: 'SymbolicLink', linkpath: '/etc' }), /no plain file/],
    ['a hard link', () => withEntry({ path: 'state/x', type: 'Link', linkpath: 'state/token' }), /no plain file/],
    ['a device', () => withEntry({ path: 'state/x', type: 'CharacterDevice' }), /no plain file/],
    ['a way up', () => withEntry({ path: 'state/../../x', type: 'File' }), /no name of a file/],
    ['a way up alone', () => withEntry({ path: '..', type: 'File' }), /no name|no plain/],
    ['a path from the root', () => withEntry({ path: '/etc/x', type: 'File' }), /no name of a file/],
    ['a file outside of the state', () => withEntry({ path: 'elsewhere/x', type: 'File' }), /is no backup/],
    ['a name that steers a terminal', () => withEntry({ path: 'state/\u001b[2Jx', type: 'File' }), /no name/],
    ['a name twice', () => withEntry({ path: 'state/token', type: 'File' }), /is no backup/],
  ];

  it.each(refused)('%s is refused, and nothing is put in place', async (_what, made, words) => {
    const place = newDirectory();
    await expect(restoreTo(await made(), join(place, 'state'))).rejects.toMatchObject({
      code: 'bad-backup',
      message: expect.stringMatching(words),
    });
    expect(readdirSync(place)).toEqual([]);
  });

  const damaged = async (change: (lines: string[]) => string[]): Promise<string> => {
    const directory = await stateWith(5);
    const lines = readFileSync(journalIn(directory), 'utf8').trim().split('\n');
    writeFileSync(
      journalIn(directory),
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return backedUp(directory);
  };

  it.each<[string, (lines: string[]) => string[], number]>([
    ['changed', (lines) => lines.map((line) => line.replace('command-1', 'command-x')), 3],
    ['dropped', (lines) => lines.toSpliced(2, 1), 3],
    ['put in another order', ([a, b, c, ...rest]) => [a!, c!, b!, ...rest], 2],
    ['doubled', (lines) => lines.toSpliced(2, 0, lines[1]!), 3],
  ])('a journal with a line %s is named with its line', async (_how, change, line) => {
    const place = newDirectory();
    const file = await damaged(change);
    const refusal = restoreTo(file, join(place, 'state'));
    await expect(refusal).rejects.toMatchObject({ code: 'bad-backup' });
    await expect(refusal).rejects.toThrow(`journal/journal-000001.jsonl:${line}:`);
    await expect(refusal).rejects.not.toThrow('restoring-');
    expect(readdirSync(place)).toEqual([]);
  });
});

it('a journal of several files goes through whole, in their order', async () => {
  const directory = await stateWith(1);
  const log = await openFileEventLog({ directory });
  for (let n = 0; n < 12; n++) {
    await log.append(log.head().seq, {
      at: '2026-11-22T03:00:00.000Z',
      commandId: `large-${n}`,
      actor: { kind: 'agent', name: 'room' },
      events: [{ type: 'agent.started', version: 'x'.repeat(1_000_000) }],
    });
  }
  await log.close();
  const names = readdirSync(join(directory, 'journal'));
  expect(names.length).toBeGreaterThan(2);
  const file = await backedUp(directory);
  const target = join(newDirectory(), 'state');
  expect(await restoreTo(file, target)).toMatchObject({ seq: 13 });
  expect(readdirSync(join(target, 'journal'))).toEqual(names);
});

it('a large state goes through whole', async () => {
  const directory = await stateWith(1);
  const bytes = Buffer.alloc(3_000_001, 'abcdefg');
  mkdirSync(join(directory, 'archive'));
  writeFileSync(join(directory, 'archive', 'INC-2026-0001.json'), bytes);
  const target = join(newDirectory(), 'state');
  await restoreTo(await backedUp(directory), target);
  const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(digest(join(target, 'archive', 'INC-2026-0001.json'))).toBe(createHash('sha256').update(bytes).digest('hex'));
});
