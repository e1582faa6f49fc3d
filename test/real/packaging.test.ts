// Owns the proof that what is shipped for systemd and containers is sound, as far as this machine has the tools to say so.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryDirectories } from '../agent/log/temporary-directory.ts';
import { agentUnderTest } from '../support/agent-under-test.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const newDirectory = temporaryDirectories();

const hasSystemd = ((): boolean => {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('no systemd-analyze here: the unit is not verified\n');
    return false;
  }
})();

/** The unit with a program that this machine has. */
const unitHere = (): string => {
  const unit = readFileSync(join(ROOT, 'packaging', 'warroom.service'), 'utf8');
  expect(unit).toContain('ExecStart=/usr/bin/warroom agent');
  const path = join(newDirectory(), 'warroom.service');
  writeFileSync(path, unit.replaceAll('/usr/bin/warroom', process.execPath));
  return path;
};

describe.runIf(hasSystemd)('the systemd unit', () => {
  it('is understood whole', async () => {
    const { stderr } = await run('systemd-analyze', ['verify', '--man=no', unitHere()]);
    expect(stderr.split('\n').filter((line) => line.includes('warroom.service'))).toEqual([]);
  });

  it('leaves the agent little to do harm with', async () => {
    const args = ['security', '--offline=true', '--threshold=20', '--no-pager', unitHere()];
    const { stdout } = await run('systemd-analyze', args);
    expect(stdout).toMatch(/Overall exposure level for warroom\.service: [01]\.\d/);
  });
});

describe('the image', () => {
  const lines = readFileSync(join(ROOT, 'packaging', 'Containerfile'), 'utf8')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const wordsOf = (instruction: string): string[][] =>
    lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.split(/\s+/).slice(1));

  it('copies what the checkout has, and nothing that is kept out of it', () => {
    const sources = wordsOf('COPY')
      .filter(([first]) => !first?.startsWith('--from'))
      .flatMap((words) => words.slice(0, -1));
    expect(sources.length).toBeGreaterThan(5);
    const keptOut = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    for (const source of sources) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(keptOut).not.toContain(source);
    }
  });

  it('runs as a user that is not root, from a stage of its own', () => {
    expect(wordsOf('FROM')).toHaveLength(2);
    expect(wordsOf('USER')).toEqual([['node']]);
    expect(lines.findIndex((line) => line.startsWith('USER'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('HEALTHCHECK')),
    );
  });

  const check = join(ROOT, 'packaging', 'healthcheck.js');
  const healthOf = (stateDirectory: string) =>
    run(process.execPath, [check], { env: { WARROOM_STATE_DIR: stateDirectory } });

  it('is well while its agent answers, and not when there is none', async () => {
    const agent = await agentUnderTest();
    try {
      await healthOf(agent.stateDirectory);
      await agent.stop();
      await expect(healthOf(agent.stateDirectory)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no agent listens'),
      });
    } finally {
      await agent.clear();
    }
    // What a killed agent left behind.
    const left = newDirectory();
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'port'), JSON.stringify({ host: '127.0.0.1', port: 9, pid: 1 }));
    await expect(healthOf(left)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('/healthz') });
  });
});
