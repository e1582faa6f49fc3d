import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAddress } from '../../src/demo/shop/shop-address.ts';
import { type Story, startOrFindShop } from '../../src/demo/shop/start-shop.ts';
import { openQuietShop, stateOf } from '../demo/shop-client.ts';

const script = fileURLToPath(new URL('../../src/demo/shop/main.ts', import.meta.url));
const WAIT = { timeout: 8_000, interval: 50 };

let directory: string;
let stateFile: string;
const endings: (() => unknown)[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shop-'));
  stateFile = join(directory, 'state', 'shop.json');
});
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
  await rm(directory, { recursive: true, force: true });
});

const start = async (
  orphanAfterSeconds = 60,
  faultAfterSeconds: number | null = null,
  overrides: Partial<Story> = {},
) => {
  const shop = await startOrFindShop({
    stateFile,
    node: process.execPath,
    script,
    story: { scenario: 'bad-deploy', faultAfterSeconds, speed: 1, ...overrides },
    willDo: ({ speed }) => overrides.speed === undefined || overrides.speed === speed,
    orphanAfterSeconds,
  });
  endings.push(shop.stop);
  return shop;
};

const isGone = (admin: string): Promise<boolean> =>
  fetch(`${admin}/state`).then(
    () => false,
    () => true,
  );

const runShop = (args: readonly string[]): ChildProcess & { readonly said: () => string } => {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  endings.push(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  return Object.assign(child, { said: () => said });
};

describe('starting the shop', { timeout: 20_000 }, () => {
  it('leaves its address, is found again, and is gone with its address once stopped', async () => {
    const first = await start();
    expect(first.wasFound).toBe(false);
    expect(parseAddress(await readFile(stateFile, 'utf8'))).toMatchObject({ pid: first.pid, admin: first.admin });
    expect((await stateOf(first)).pid).toBe(first.pid);

    const second = await start();
    expect(second).toMatchObject({ wasFound: true, pid: first.pid, admin: first.admin, services: first.services });

    await second.stop();
    expect(() => process.kill(first.pid, 0)).toThrow('ESRCH');
    expect(await isGone(first.admin)).toBe(true);
    expect(existsSync(stateFile)).toBe(false);
    await first.stop();
  });

  it('plays the scenario at the speed it was told, keeps that for whoever finds it, and gives way to another story', async () => {
    const story = { scenario: 'dependency-down', speed: 60 } as const;
    const first = await start(60, 30, story);
    expect(first).toMatchObject({ ...story, wasFound: false });
    // Half a minute of the shop's time is half a second.
    await vi.waitFor(async () => expect((await stateOf(first)).scenario).toBe('dependency-down'), WAIT);

    const found = await start();
    expect(found).toMatchObject({ wasFound: true, ...story, startedAtMs: first.startedAtMs });

    const other = await start(60, null, { speed: 2 });
    expect(other).toMatchObject({ wasFound: false, scenario: null, speed: 2 });
    expect(await isGone(first.admin)).toBe(true);
  });

  it('starts a new one when what answers is another shop, and leaves that one alone', async () => {
    const other = await openQuietShop();
    endings.push(other.close);
    stateFile = join(directory, 'shop.json');
    const theirs = { scenario: null, speed: 1, startedAtMs: 1, admin: other.admin, services: other.services };
    await writeFile(stateFile, JSON.stringify({ ready: true, pid: 1, ...theirs }));
    const shop = await start();
    expect(shop.wasFound).toBe(false);
    await shop.stop();
    expect(await isGone(shop.admin)).toBe(true);
    expect(await isGone(other.admin)).toBe(false);
  });

  it('fails with what went wrong when the state file cannot be written', async () => {
    await writeFile(join(directory, 'state'), 'a file where a folder should be');
    await expect(start()).rejects.toThrow(/did not start: The state file cannot be written/);
  });

  it('fails when the script is none', async () => {
    const missing = startOrFindShop({
      stateFile,
      node: process.execPath,
      script: join(directory, 'missing.js'),
      story: { scenario: 'bad-deploy', faultAfterSeconds: null, speed: 1 },
      willDo: () => true,
      orphanAfterSeconds: 60,
    });
    await expect(missing).rejects.toThrow(/did not start/);
  });
});

describe('the process of the shop', { timeout: 20_000 }, () => {
  it('brings the fault by itself, stays while somebody reads metrics, and ends once nobody does', async () => {
    const orphanAfterMs = 500;
    const shop = await start(orphanAfterMs / 1_000, 0.1);
    const startedAtMs = performance.now();
    while (performance.now() - startedAtMs < 2 * orphanAfterMs) {
      expect((await fetch(`${shop.services.search}/metrics`)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, orphanAfterMs / 10));
    }
    expect((await stateOf(shop)).scenario).toBe('bad-deploy');
    // Looking at its file is not watching.
    await vi.waitFor(() => expect(existsSync(stateFile)).toBe(false), WAIT);
    await vi.waitFor(async () => expect(await isGone(shop.admin)).toBe(true), WAIT);
  });

  it('survives its closed output and a hang-up, and ends on SIGTERM', async () => {
    const child = runShop(['--state-file', stateFile]);
    await vi.waitFor(() => expect(parseAddress(child.said())).not.toBeNull(), WAIT);
    const address = parseAddress(child.said())!;
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.kill('SIGHUP');
    expect((await stateOf(address)).pid).toBe(child.pid);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(stateFile)).toBe(false);
  });

  it('says which port is taken and ends', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    endings.push(() => taken.close());
    const { port } = taken.address() as { readonly port: number };
    const child = runShop(['--admin-port', String(port)]);
    expect(await once(child, 'close')).toEqual([1, null]);
    // Of the six ports in a row another may be taken too.
    expect(child.said()).toMatch(/^Port \d+ is taken\./);
  });

  it('refuses options it does not know with exit code 2', async () => {
    const child = runShop(['--prot', '1']);
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(child.said()).toMatch(/--prot.*\n?.*Usage: shop/);
  });
});
