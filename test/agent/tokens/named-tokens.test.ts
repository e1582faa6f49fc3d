import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NamedTokens, openNamedTokens, type TokenChange } from '../../../src/agent/tokens/named-tokens.ts';
import { addToken, revokeToken, tokensPath } from '../../../src/agent/tokens/token-file.ts';
import { until } from '../../support/until.ts';

let directory: string;
let path: string;
let nowMs: number;
let changes: TokenChange[];
let damage: string[];
let named: NamedTokens;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'warroom-named-'));
  path = tokensPath(directory);
  nowMs = Date.parse('2026-11-22T03:00:00Z');
  changes = [];
  damage = [];
  named = openNamedTokens({
    path,
    nowMs: () => nowMs,
    onChange: (some) => changes.push(...some),
    onDamage: (problem) => damage.push(problem),
  });
});
afterEach(() => {
  named.close();
  rmSync(directory, { recursive: true, force: true });
});

const give = (name: string, expiresAtMs: number | null = null) =>
  addToken(path, { name, permission: 'viewer', expiresAtMs, by: 'chris', nowMs });

describe('named tokens of a running agent', () => {
  it('are known from the moment in which they are in the file, and no longer than that', async () => {
    const { token } = await give('ana');
    expect(named.find(token)).toMatchObject({ kind: 'good', token: { name: 'ana', permission: 'viewer' } });
    expect(named.find(`${token}x`)).toEqual({ kind: 'unknown' });
    await revokeToken(path, { name: 'ana', by: 'ben', nowMs });
    expect(named.find(token)).toMatchObject({ kind: 'ended', words: expect.stringContaining('was revoked') });
    expect(changes).toEqual([
      { change: 'added', name: 'ana', permission: 'viewer', by: 'chris' },
      { change: 'revoked', name: 'ana', permission: 'viewer', by: 'ben' },
    ]);
  });

  it('are noticed without anybody asking for one', async () => {
    await give('ana');
    await until('the change is noticed', () => changes.length === 1);
  });

  it('end at their time, which is no change that anybody made', async () => {
    const { token, stored } = await give('ana', nowMs + 1_000);
    expect(named.find(token).kind).toBe('good');
    nowMs += 1_000;
    expect(named.find(token)).toMatchObject({ kind: 'ended', words: expect.stringContaining('expired') });
    expect(named.endOf(stored)).toContain('expired');
    expect(named.held()).toBe(0);
    expect(changes).toHaveLength(1);
  });

  it('let nobody in while the file is damaged, keep those who are in, and are themselves again once it is whole', async () => {
    const { token, stored } = await give('ana');
    expect(named.find(token).kind).toBe('good');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.slice(0, -20));
    expect(named.find(token)).toEqual({ kind: 'damaged' });
    expect(named.endOf(stored)).toBeNull();
    expect(damage).toEqual(['it is not JSON']);
    writeFileSync(path, whole);
    expect(named.find(token).kind).toBe('good');
    expect(readFileSync(path, 'utf8')).toBe(whole);
  });

  it('are gone with their file', async () => {
    const { token, stored } = await give('ana');
    expect(named.find(token).kind).toBe('good');
    rmSync(path);
    expect(named.find(token)).toEqual({ kind: 'unknown' });
    expect(named.endOf(stored)).toContain('not known any more');
  });

  it('end for who is in when their permission is changed by hand', async () => {
    const { token, stored } = await give('ana');
    expect(named.find(token).kind).toBe('good');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"viewer"', '"responder"'));
    expect(named.find(token)).toMatchObject({ token: { permission: 'responder' } });
    expect(named.endOf(stored)).toContain('was changed');
  });
});
