import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecProfile } from '../../../src/agent/config/config.ts';
import type { ActionRequest, Driver } from '../../../src/agent/drivers/driver.ts';
import { execDriver } from '../../../src/agent/drivers/exec.ts';
import type { ActionPlan } from '../../../src/incident/events.ts';
import { entryOf } from '../../contract/driver-contract.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;

describe('exec driver', () => {
  let directory: string;
  let target: string;
  let profile: ExecProfile;
  let driver: Driver;

  /** Runs a script with arguments, as `sh -c SCRIPT sh ARG…`. */
  const script = (text: string, ...args: string[]) => ({ run: ['sh', '-c', text, 'sh', ...args] });
  const write = (value: string) => script('printf %s "$1" > "$2"', value, target);
  const request = (params: Record<string, string> = {}, service = 'checkout'): ActionRequest => ({
    action: 'A7',
    service,
    name: 'scale',
    params,
  });
  const plan = async (params: Record<string, string> = {}, service?: string): Promise<ActionPlan> => {
    const result = await driver.plan(request(params, service), never);
    if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
    return result.plan;
  };
  const change = (changes: Partial<ExecProfile>): void => {
    profile = { ...profile, ...changes };
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'warroom-exec-'));
    target = join(directory, 'target');
    await writeFile(target, '7\n');
    profile = {
      driver: 'exec',
      read: { run: ['cat', target] },
      apply: write('{after}'),
      undo: write('{before}'),
      pointer: '',
      set: '1',
      touches: [],
      timeoutMs: 5_000,
      env: {},
      secrets: [],
    };
    driver = execDriver({
      profile: (name) => (name === 'scale' ? profile : null),
      env: { PATH: process.env.PATH, HOME: '/root', LANG: 'C.UTF-8', AWS_SECRET: 'hunter2' },
    });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  describe('a target of plain text', () => {
    it.each<[string, unknown, string]>([
      ['7\n', '1', '1'],
      ['7', 1, '1'],
      ['on', false, 'false'],
      ['[always] madvise never', 'never', 'never'],
      ['9007199254740993', '1', '1'],
      ['"quoted"', 'plain', 'plain'],
      ['one\ntwo "ü" $(id)', 'x', 'x'],
    ])('%j becomes %j and is put back as it was', async (text, set, after) => {
      await writeFile(target, text);
      change({ set });
      const planned = await plan();
      expect(await driver.apply(planned, never)).toEqual({ ok: true });
      expect(await readFile(target, 'utf8')).toBe(after);
      expect(await driver.observe(planned, never)).toBe('applied');
      const undo = await driver.planUndo(entryOf(planned), never);
      if (!undo.ok) throw new Error(undo.detail);
      expect(await driver.apply(undo.plan, never)).toEqual({ ok: true });
      expect(await driver.observe(undo.plan, never)).toBe('applied');
      expect(await driver.observe(planned, never)).toBe('reverted');
    });

    it('numbers and flags of a parameter are set in the kind they were read in', async () => {
      await writeFile(target, '{"replicas":7,"paused":false,"name":"a"}');
      change({ set: { replicas: '{param.n}', paused: '{param.p}', name: '{param.n}' } });
      expect((await plan({ n: '2', p: 'true' })).after).toEqual({ replicas: 2, paused: true, name: '2' });
    });
  });

  describe('arguments', () => {
    const echo = (...args: string[]): void => {
      change({ read: { run: ['printf', '[%s]', ...args] }, pointer: '' });
    };

    it.each([
      ['a b; rm -rf / $(id) `id` | & > < * ? ~ # \\', 'shell words'],
      ['"quotes" \'and\' more', 'quotes'],
      ['two\nlines', 'a line break'],
      [`{service} {before} \${HOME}`, 'placeholders, which are not filled again'],
    ])('carry %j whole, in one argument (%s)', async (value) => {
      echo('x{param.v}y', '{service}');
      expect((await plan({ v: value })).before).toBe(`[x${value}y][checkout]`);
    });

    it('are shown quoted for reading, without escapes', async () => {
      change({ apply: { run: ['/bin/echo', '--to={after}', '{param.v}', 'plain'] } });
      const planned = await plan({ v: "it's \u001b[2J$(id)" });
      expect(planned.command).toBe("/bin/echo --to=1 'it'\\''s $(id)' plain");
    });

    it.each([
      ['-rf', 'be taken for an option'],
      ['--all', 'be taken for an option'],
      ['', 'param.v is empty'],
      ['a\0b', 'not text'],
      ['\ud800', 'not text'],
      ['x'.repeat(128 * 1024), '128 KiB'],
    ])('that a value would turn into something else are refused: %j', async (value, words) => {
      change({ read: { run: ['echo', '{param.v}'] } });
      const result = await driver.plan(request({ v: value }), never);
      expect(result).toMatchObject({ ok: false, reason: 'not-configured', detail: expect.stringContaining(words) });
    });

    it('may begin with "-" after "--", inside of an option, and as a number', async () => {
      change({ read: { run: ['echo', 'x', '--a={param.v}', '{param.n}', '--', '{param.v}'] } });
      expect((await plan({ v: '-x', n: '-5' })).before).toBe('x --a=-x -5 -- -x');
    });

    it('that name what nobody gave are refused, also those of undo', async () => {
      change({ undo: { run: ['echo', '{param.why}'] } });
      const result = await driver.plan(request(), never);
      expect(result).toMatchObject({ reason: 'not-configured', detail: 'scale: undo: nothing is given for param.why' });
    });
  });

  describe('the environment', () => {
    it('is PATH, HOME, LANG and what the profile names', async () => {
      change({ read: { run: ['env'] }, env: { TOKEN: 'x' } });
      const names = String((await plan()).before)
        .split('\n')
        .map((line) => line.split('=')[0]);
      expect(names.sort()).toEqual(['HOME', 'LANG', 'PATH', 'TOKEN']);
    });

    it('keeps its secrets: a program that prints one is not read', async () => {
      change({ read: script('echo "{\\"a\\": \\"$TOKEN\\"}"'), env: { TOKEN: 'hunter2!' }, secrets: ['hunter2!'] });
      const result = await driver.plan(request(), never);
      expect(result).toMatchObject({
        ok: false,
        reason: 'malformed-answer',
        detail: expect.stringContaining('secret'),
      });
      expect(JSON.stringify(result)).not.toContain('hunter2');
    });
  });

  describe('a read that fails is a value with its reason', () => {
    it.each<[string, string, readonly string[], string]>([
      ['a program that is not there', 'not-configured', ['/no/such/program'], 'there is no program /no/such/program'],
      ['a program that is not on the PATH', 'not-configured', ['no-such-program'], 'is not on the PATH'],
      ['a program that may not be run', 'not-configured', ['/etc/passwd'], 'may not be run by this user'],
      ['an exit code', 'rejected', ['sh', '-c', 'echo one >&2; echo two >&2; exit 4'], 'read: exit 4: two'],
      ['an exit code without a word', 'rejected', ['false'], 'read: exit 1'],
      ['a signal', 'rejected', ['sh', '-c', 'kill -9 $$'], 'read: ended by SIGKILL'],
      ['nothing printed', 'malformed-answer', ['true'], 'it printed nothing'],
      ['half a document', 'malformed-answer', ['echo', '{"a": 1'], 'is not JSON'],
      ['a number that cannot be restored', 'malformed-answer', ['echo', '{"a": 9007199254740993}'], 'exactly'],
      ['no text', 'malformed-answer', ['printf', '\\377\\376'], 'not UTF-8'],
      ['too much', 'malformed-answer', ['yes'], 'more than 1 MiB'],
      ['a long word on stderr', 'rejected', ['sh', '-c', 'yes | head -c 300000 | tr "\\n" y >&2; exit 1'], 'exit 1'],
    ])('%s is %s', async (_name, reason, run, words) => {
      change({ read: { run } });
      const result = await driver.plan(request(), never);
      expect(result).toMatchObject({ ok: false, reason, detail: expect.stringContaining(words) });
    });

    it('a pointer into text, or into nothing, says so', async () => {
      change({ pointer: '/spec' });
      expect(await driver.plan(request(), never)).toMatchObject({ reason: 'malformed-answer' });
      await writeFile(target, '{"status":1}');
      expect(await driver.plan(request(), never)).toMatchObject({
        reason: 'malformed-answer',
        detail: expect.stringContaining('nothing at /spec'),
      });
    });
  });

  describe('a program that does not end', () => {
    const isAlive = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    /** A change that leaves the ids of itself and its child behind and lasts. */
    const lasting = (before: string) =>
      script(`${before} sleep 60 & echo "$$ $!" > "$1"; wait; wait`, join(directory, 'pids'));
    const pids = () =>
      until('both to run', async () => {
        const said = await readFile(join(directory, 'pids'), 'utf8').catch(() => '');
        const found = said.trim().split(' ').map(Number);
        return found.length === 2 ? found : null;
      });

    it.each([
      ['is ended with what it started, and the outcome is unknown', ''],
      ['is killed when it does not listen', "trap '' TERM;"],
    ])('%s', async (_name, before) => {
      change({ apply: lasting(before), timeoutMs: 300 });
      const applied = await driver.apply(await plan(), never);
      expect(applied).toEqual({ ok: false, reason: 'unknown', detail: 'did not end within 300 ms' });
      for (const pid of await pids()) await until(`the end of ${pid}`, () => !isAlive(pid) || isZombie(pid));
    });

    it('is ended when it is called off', async () => {
      change({ apply: lasting('') });
      const calling = new AbortController();
      const applying = driver.apply(await plan(), calling.signal);
      const running = await pids();
      calling.abort();
      expect(await applying).toEqual({ ok: false, reason: 'unknown', detail: 'called off before it ended' });
      for (const pid of running) await until(`the end of ${pid}`, () => !isAlive(pid) || isZombie(pid));
    });

    it('in its child only, which holds the output, is not waited for', async () => {
      change({ read: script('sleep 3 & echo 7') });
      const started = performance.now();
      expect((await plan()).before).toBe('7');
      expect(performance.now() - started).toBeLessThan(2_500);
    });
  });

  describe('a change', () => {
    it('that prints without end of it is done all the same', async () => {
      change({ apply: script('head -c 3000000 /dev/zero; printf %s "$1" > "$2"', '{after}', target) });
      expect(await driver.apply(await plan(), never)).toEqual({ ok: true });
      expect(await readFile(target, 'utf8')).toBe('1');
    });

    it('that fails and took effect all the same is done', async () => {
      change({ apply: script('printf %s "$1" > "$2"; exit 1', '{after}', target) });
      expect(await driver.apply(await plan(), never)).toEqual({ ok: true });
    });

    it('that fails half done is unknown, with its last word', async () => {
      change({ apply: script('echo half > "$1"; echo "lost the lock" >&2; exit 2', target) });
      expect(await driver.apply(await plan(), never)).toEqual({
        ok: false,
        reason: 'unknown',
        detail: 'exit 2: lost the lock',
      });
    });

    it('whose program went away after the plan never ran', async () => {
      const tool = join(directory, 'tool');
      await writeFile(tool, '#!/bin/sh\n', { mode: 0o755 });
      change({ apply: { run: [tool, '{after}'] } });
      const planned = await plan();
      await rm(tool);
      expect(await driver.apply(planned, never)).toMatchObject({ ok: false, reason: 'not-configured' });
    });

    it('whose command was configured anew since the plan is not made', async () => {
      const planned = await plan();
      change({ apply: { run: ['false', '{after}'] } });
      expect(await driver.apply(planned, never)).toMatchObject({ ok: false, reason: 'target-changed' });
    });
  });
});

/** Ended, and nobody has asked how yet: in a container without an init, orphans stay so. */
const isZombie = (pid: number): boolean => {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
};
