// Owns the proof that nobody who stops reading an agent's log holds the agent: a paused terminal, a pipe that is full, a reader that left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { spawn as onTerminal } from '@lydell/node-pty';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../support/until.ts';

const PROGRAM = fileURLToPath(new URL('talkative-agent-log.ts', import.meta.url));
const ENOUGH = 20_000;

/** The program answers how many lines it has said, over a channel of its own. */
const saysMore = async (lines: () => number): Promise<void> => {
  await until('far more lines than any buffer holds', () => lines() > ENOUGH, 20_000);
};

const startTalking = () => {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, stdout: child.stdout as Readable };
};

it('a pipe that nobody reads holds back lines, not the agent', async () => {
  const { child, stdout } = startTalking();
  let said = 0;
  child.on('message', (lines) => {
    said = Number(lines);
  });
  stdout.pause();
  await saysMore(() => said);
  // Nor does it hold the end.
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('a reader that left ends nothing', async () => {
  const { child, stdout } = startTalking();
  let said = 0;
  child.on('message', (lines) => {
    said = Number(lines);
  });
  await once(stdout, 'data');
  stdout.destroy();
  await saysMore(() => said);
  expect(child.exitCode).toBeNull();
});

it('a terminal that is paused holds back lines, not the agent', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-log-'));
  const said = join(directory, 'said');
  const terminal = onTerminal(process.execPath, [PROGRAM, said], { cols: 80, rows: 24 });
  onTestFinished(() => {
    terminal.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  terminal.pause();
  await saysMore(() => {
    try {
      return Number(readFileSync(said, 'utf8'));
    } catch {
      return 0;
    }
  });
});
