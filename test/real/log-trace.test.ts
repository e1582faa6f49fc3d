import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../agent/log/append-forever.ts', import.meta.url));
const hasStrace = spawnSync('strace', ['--version']).status === 0;
const isRequired = process.env.WARROOM_REQUIRE_SERVERS === '1';
if (!hasStrace && !isRequired) process.stderr.write('skipped: strace is not installed (Debian package strace)\n');

const WATCHED =
  'open,openat,openat2,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,truncate,ftruncate,rename,renameat,' +
  'renameat2,link,linkat,unlink,unlinkat,fallocate,copy_file_range,sendfile,mmap,io_uring_enter';
const COMMITS = 100;

describe.skipIf(!hasStrace && !isRequired)('what the operating system sees of the journal', () => {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-trace-'));
  let allCalls: readonly string[] = [];
  let calls: readonly string[] = [];

  beforeAll(() => {
    // The first run makes the journal, the second opens it: both are looked at.
    const runs = [1, 2].map((run) => {
      const trace = join(directory, `trace-${run}`);
      const options = ['-f', '-y', '-s', '80', '-e', `trace=${WATCHED}`, '-o', trace];
      const traced = spawnSync('strace', [...options, process.execPath, program, directory, String(COMMITS)], {
        env: { ...process.env, UV_USE_IO_URING: '0' },
        encoding: 'utf8',
      });
      if (traced.status !== 0) throw new Error(`the traced program failed: ${traced.stderr}`);
      return readFileSync(trace, 'utf8');
    });
    allCalls = runs.flatMap((trace) => whole(trace));
    calls = allCalls.filter((call) => call.includes('journal-000001.jsonl'));
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const named = (name: string): readonly string[] => calls.filter((call) => call.startsWith(`${name}(`));

  it('every open that can write appends', () => {
    const opens = calls.filter((call) => call.startsWith('open'));
    const writable = opens.filter((call) => /O_WRONLY|O_RDWR/.test(call));
    // Two starts: the first makes the file and opens it, the second opens it.
    expect(writable).toHaveLength(3);
    expect(writable.every((call) => call.includes('O_APPEND') && !call.includes('O_TRUNC'))).toBe(true);
  });

  it('all else is writing at the end and fdatasync: nothing is rewritten, renamed, cut or removed', () => {
    const others = calls.filter((call) => !/^(open|openat|write|writev|fdatasync)\(/.test(call));
    expect(others).toEqual([]);
    const written = readFileSync(join(directory, 'journal', 'journal-000001.jsonl'));
    const lengths = [...named('write'), ...named('writev')].map((call) => Number(/ = (\d+)$/.exec(call)?.[1]));
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(written.length);
    expect(written.toString().split('\n')).toHaveLength(2 * COMMITS + 1);
  });

  it('the names of the new directory and the new file are made durable', () => {
    const synced = allCalls.flatMap((call) => /^fsync\(\d+<([^>]+)>/.exec(call)?.[1] ?? []);
    expect(synced.slice(0, 2)).toEqual([directory, join(directory, 'journal')]);
  });

  it('a sync follows every write', () => {
    const order = calls.filter((call) => /^(write|writev|fdatasync)\(/.test(call)).map((call) => call.split('(')[0]);
    const afterWrites = order.filter((_, index) => order[index - 1]?.startsWith('write'));
    // A start makes durable what one before it may have left unsynced.
    expect(order[0]).toBe('fdatasync');
    expect(afterWrites.length).toBeGreaterThan(2);
    expect(new Set(afterWrites)).toEqual(new Set(['fdatasync']));
    expect(order.at(-1)).toBe('fdatasync');
  });
});

/** The calls of a trace without their thread, calls that were interrupted by others put together again. */
const whole = (trace: string): readonly string[] => {
  const unfinished = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (call.endsWith('<unfinished ...>')) {
      unfinished.set(thread, call.replace(/\s*<unfinished \.\.\.>$/, ''));
      return [];
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(call);
    if (resumed === null) return call === '' ? [] : [call];
    return [`${unfinished.get(thread) ?? ''}${resumed[1]}`];
  });
};
