import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSocketPath, listenOnSocket } from '../../../src/agent/server/socket-file.ts';

let directory: string;
let path: string;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wr-'));
  path = join(directory, 'agent.sock');
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(directory, { recursive: true, force: true });
});

const server = (): Server => {
  const made = createServer((socket) => socket.end());
  servers.push(made);
  return made;
};

describe('the file of a socket', () => {
  it.each([0o600, 0o660])('has the permissions %o, and leaves nothing beside it', async (mode) => {
    const remove = await listenOnSocket(server(), { path, mode });
    expect(statSync(path).mode & 0o777).toBe(mode);
    expect(readdirSync(directory)).toEqual(['agent.sock']);
    await remove();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('replaces one on which nobody answers any more', async () => {
    const dead = server();
    await listenOnSocket(dead, { path, mode: 0o600 });
    const { ino } = statSync(path);
    await new Promise((resolve) => dead.close(resolve));
    await listenOnSocket(server(), { path, mode: 0o600 });
    expect(statSync(path).ino).not.toBe(ino);
  });

  it('takes nobody the socket on which they answer', async () => {
    await listenOnSocket(server(), { path, mode: 0o600 });
    const { ino } = statSync(path);
    await expect(listenOnSocket(server(), { path, mode: 0o600 })).rejects.toMatchObject({ code: 'address-in-use' });
    expect(statSync(path).ino).toBe(ino);
  });

  it('replaces no file that is no socket', async () => {
    writeFileSync(path, 'mine');
    await expect(listenOnSocket(server(), { path, mode: 0o600 })).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('is no socket'),
    });
  });

  it('stays when it is the one of somebody who came later', async () => {
    const first = server();
    const remove = await listenOnSocket(first, { path, mode: 0o600 });
    await new Promise((resolve) => first.close(resolve));
    await listenOnSocket(server(), { path, mode: 0o600 });
    await remove();
    expect(readdirSync(directory)).toEqual(['agent.sock']);
  });

  it('says what to do about a path that is too long, or leads nowhere', async () => {
    const long = join(directory, 'x'.repeat(90));
    expect(isSocketPath(long)).toBe(false);
    await expect(listenOnSocket(server(), { path: long, mode: 0o600 })).rejects.toThrow('too long');
    await expect(listenOnSocket(server(), { path: join(directory, 'none', 's'), mode: 0o600 })).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
