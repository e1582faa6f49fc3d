import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  parseAddress,
  readAddressFile,
  removeAddressFile,
  type ShopAddress,
  writeAddressFile,
} from '../../../src/demo/shop/shop-address.ts';

const at = (port: number): string => `http://127.0.0.1:${port}`;
const address: ShopAddress = {
  ready: true,
  pid: 4242,
  scenario: 'slow-database',
  speed: 20,
  startedAtMs: Date.parse('2026-11-22T03:00:00.000Z'),
  admin: at(1),
  services: { checkout: at(2), payments: at(3), search: at(4), catalog: at(5), inventory: at(6) },
};

describe('the address of a shop', () => {
  it('is read back as written', () => {
    expect(parseAddress(JSON.stringify(address))).toEqual(address);
  });

  it.each([
    ['no JSON', 'gone {'],
    ['nothing', ''],
    ['another host', JSON.stringify({ ...address, admin: 'http://203.0.113.1:80' })],
    ['a user name that looks like loopback', JSON.stringify({ ...address, admin: 'http://127.0.0.1:80@evil.example' })],
    ['no process', JSON.stringify({ ...address, pid: 0 })],
    ['a process group', JSON.stringify({ ...address, pid: -1 })],
    ['a scenario nobody knows', JSON.stringify({ ...address, scenario: 'meteor' })],
    ['time that stands still', JSON.stringify({ ...address, speed: 0 })],
    ['time that races', JSON.stringify({ ...address, speed: 61 })],
    ['a service missing', JSON.stringify({ ...address, services: { checkout: at(2) } })],
  ])('is none when the file holds %s', (_, text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

describe('the address file', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'shop-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is for its owner only, and leaves nothing unfinished behind', async () => {
    const path = join(directory, 'deep', 'shop.json');
    await writeAddressFile(path, address);
    expect(await readAddressFile(path)).toEqual(address);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(directory, 'deep'))).toEqual(['shop.json']);
  });

  it('is removed by the shop it speaks of and by no other', async () => {
    const path = join(directory, 'shop.json');
    await writeAddressFile(path, address);
    await removeAddressFile(path, 1);
    expect(existsSync(path)).toBe(true);
    await removeAddressFile(path, address.pid);
    expect(existsSync(path)).toBe(false);
  });

  it('that is missing or damaged is no address', async () => {
    expect(await readAddressFile(join(directory, 'none.json'))).toBeNull();
    await writeFile(join(directory, 'torn.json'), '{"ready":tr');
    expect(await readAddressFile(join(directory, 'torn.json'))).toBeNull();
  });
});
