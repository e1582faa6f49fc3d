import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  localToken,
  openStateDirectory,
  readLocalToken,
  removePortFile,
  writePortFile,
} from '../../src/agent/state-directory.ts';
import { temporaryDirectories } from './log/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const program = fileURLToPath(new URL('hold-state-directory.ts', import.meta.url));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('holding the directory', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const startHolder = async (directory: string) => {
    const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [said] = await once(child.stdout.setEncoding('utf8'), 'data');
    return { child, said: String(said).trim() };
  };

  it('it is made for its user alone', async () => {
    const path = join(newDirectory(), 'a', 'state');
    const state = await openStateDirectory(path);
    expect(state.path).toBe(path);
    expect(modeOf(path)).toBe(0o700);
    await state.release();
  });

  it('a second agent in the same process is refused, and after the release taken', async () => {
    const path = newDirectory();
    const first = await openStateDirectory(path);
    await expect(openStateDirectory(path)).rejects.toMatchObject({
      code: 'agent-running',
      message: expect.stringContaining(`pid ${process.pid}`),
      nextStep: expect.stringContaining('warroom'),
    });
    await first.release();
    const second = await openStateDirectory(path);
    await second.release();
  });

  it('a living agent in another process is named by its pid; a killed one is taken over from', async () => {
    const path = newDirectory();
    const { child, said } = await startHolder(path);
    expect(said).toBe('held');
    await expect(openStateDirectory(path)).rejects.toMatchObject({
      code: 'agent-running',
      message: expect.stringContaining(`pid ${child.pid}`),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const state = await openStateDirectory(path);
    await state.release();
  });

  it('an agent that is stopped and does not answer still holds its directory', async () => {
    const path = newDirectory();
    const { child } = await startHolder(path);
    child.kill('SIGSTOP');
    await expect(openStateDirectory(path)).rejects.toMatchObject({ code: 'agent-running' });
  });

  it('of many that start at once on a dead one exactly one gets it', async () => {
    const path = newDirectory();
    for (let round = 0; round < 5; round++) {
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openStateDirectory(path)));
      const won = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(won).toHaveLength(1);
      await won[0]!.release();
    }
    const contenders = await Promise.all(Array.from({ length: 3 }, () => startHolder(path)));
    expect(contenders.map(({ said }) => said).sort()).toEqual(['agent-running', 'agent-running', 'held']);
  });

  it('dead sockets do not pile up', async () => {
    const path = newDirectory();
    for (let round = 0; round < 3; round++) await (await openStateDirectory(path)).release();
    expect(readdirSync(path)).toHaveLength(1);
  });

  it('a path much longer than a socket may have works', async () => {
    const path = join(newDirectory(), 'long-'.repeat(30), 'state');
    const state = await openStateDirectory(path);
    await expect(openStateDirectory(path)).rejects.toMatchObject({ code: 'agent-running' });
    await state.release();
    await (await openStateDirectory(path)).release();
  });

  it('an asker that never hangs up does not delay the release', async () => {
    const path = newDirectory();
    const state = await openStateDirectory(path);
    const asker = connect({ path: join(path, 'agent-1.sock'), allowHalfOpen: true });
    await once(asker, 'data');
    await state.release();
    asker.destroy();
  });

  it('something else that listens there counts as an agent whose pid is not known', async () => {
    const path = newDirectory();
    const server = createServer((socket) => socket.end('hello\n'));
    await new Promise<void>((resolve) => server.listen(join(path, 'agent-4.sock'), resolve));
    const refusal = openStateDirectory(path);
    await expect(refusal).rejects.toMatchObject({ code: 'agent-running' });
    await expect(refusal).rejects.not.toThrow('pid');
    await new Promise((resolve) => server.close(resolve));
  });

  it('a file in its place is an operator error', async () => {
    const path = join(newDirectory(), 'file');
    writeFileSync(path, '');
    await expect(openStateDirectory(path)).rejects.toMatchObject({ code: 'state-unwritable' });
  });
});

describe('the local token', () => {
  it('is made once, of 32 random bytes, for its user alone', async () => {
    const path = newDirectory();
    expect(await readLocalToken(path)).toBeNull();
    const tokens = await Promise.all([localToken(path), localToken(path), localToken(path)]);
    expect(new Set([...tokens, await localToken(path), await readLocalToken(path)]).size).toBe(1);
    expect(tokens[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(modeOf(join(path, 'token'))).toBe(0o600);
    expect(readdirSync(path)).toEqual(['token']);
    expect(await localToken(newDirectory())).not.toBe(tokens[0]);
  });

  it('is closed to others again when somebody opened it', async () => {
    const path = newDirectory();
    const token = await localToken(path);
    chmodSync(join(path, 'token'), 0o644);
    expect(await localToken(path)).toBe(token);
    expect(modeOf(join(path, 'token'))).toBe(0o600);
  });

  it('a file that holds no token is an operator error that does not show what it holds', async () => {
    const path = newDirectory();
    writeFileSync(join(path, 'token'), 'hunter2');
    await expect(localToken(path)).rejects.toMatchObject({ code: 'state-unwritable' });
    await expect(localToken(path)).rejects.not.toThrow('hunter2');
  });
});

describe('the port file', () => {
  const address = { host: '127.0.0.1', port: 7373, pid: 42 };

  it('is replaced whole, and removed', async () => {
    const path = newDirectory();
    await writePortFile(path, { ...address, port: 1 });
    await writePortFile(path, address);
    expect(JSON.parse(readFileSync(join(path, 'port'), 'utf8'))).toEqual(address);
    expect(readdirSync(path)).toEqual(['port']);
    await removePortFile(path);
    await removePortFile(path);
    expect(readdirSync(path)).toEqual([]);
  });

  it('a directory that is not there is an operator error', async () => {
    await expect(writePortFile(join(newDirectory(), 'none'), address)).rejects.toMatchObject({
      code: 'state-unwritable',
    });
  });
});
