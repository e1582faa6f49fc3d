import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { collected } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();
const program = fileURLToPath(new URL('append-forever.ts', import.meta.url));

/** Runs the program until `acknowledgements` came, kills it a moment later, and returns the numbers it had printed whole. */
const appendUntilKilled = (directory: string, acknowledgements: number, momentMs: number): Promise<readonly number[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    let isDoomed = false;
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      printed += text;
      if (isDoomed || printed.split('\n').length <= acknowledgements) return;
      isDoomed = true;
      setTimeout(() => child.kill('SIGKILL'), momentMs);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(printed.split('\n').slice(0, -1).map(Number));
      else reject(new Error(`the program ended by itself with ${code}`));
    });
  });

it('after SIGKILL at a random moment every acknowledged commit is there, round after round', {
  timeout: 20_000,
}, async () => {
  const directory = newDirectory();
  const acknowledged = new Set<number>();
  for (let round = 0; round < 4; round++) {
    const seqs = await appendUntilKilled(directory, 20 + Math.random() * 100, Math.random() * 20);
    for (const seq of seqs) acknowledged.add(seq);
    const log = await openFileEventLog({ directory });
    const commits = await collected(log.read(1));
    await log.close();
    expect(log.head().seq).toBeGreaterThanOrEqual(Math.max(...acknowledged));
    expect(commits.map((commit) => [commit.seq, commit.commandId])).toEqual(
      commits.map((_, i) => [i + 1, `command-${i + 1}`]),
    );
  }
  expect(acknowledged.size).toBeGreaterThan(80);
});
