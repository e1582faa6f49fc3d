import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addToken,
  endOf,
  isTokenName,
  readTokens,
  revokeToken,
  tokensPath,
} from '../../../src/agent/tokens/token-file.ts';

const NOW = Date.parse('2026-11-22T03:00:00Z');
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'warroom-tokens-'));
  path = tokensPath(directory);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const give = (name: string, expiresAtMs: number | null = null) =>
  addToken(path, { name, permission: 'responder', expiresAtMs, by: 'chris', nowMs: NOW });

describe('the file of tokens', () => {
  it('keeps 256 random bits as a digest alone, readable by its user only, whatever the umask', async () => {
    const { token } = await give('ana');
    expect(token).toMatch(/^wr_[\w-]{43}$/);
    expect((await give('ben')).token).not.toBe(token);
    expect(readFileSync(path, 'utf8')).not.toContain(token.slice(3));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('gives one person one token at a time', async () => {
    await give('ana');
    await expect(give('ana')).rejects.toMatchObject({
      code: 'bad-usage',
      nextStep: expect.stringContaining('warroom token revoke ana'),
    });
    await revokeToken(path, { name: 'ana', by: 'chris', nowMs: NOW });
    await give('ana');
    expect((await readTokens(path)).map((stored) => endOf(stored, NOW))).toEqual([
      'the token of ana was revoked at 2026-11-22T03:00:00.000Z',
      null,
    ]);
  });

  it('says why a token does nothing any more', async () => {
    const { stored } = await give('ana', NOW + 1_000);
    expect(endOf(stored, NOW + 999)).toBeNull();
    expect(endOf(stored, NOW + 1_000)).toBe('the token of ana expired at 2026-11-22T03:00:01.000Z');
    await expect(revokeToken(path, { name: 'ana', by: 'c', nowMs: NOW + 2_000 })).rejects.toThrow('expired at');
    await expect(revokeToken(path, { name: 'zoe', by: 'c', nowMs: NOW })).rejects.toThrow('zoe has no token');
  });

  it('loses nothing when many commands change it at once', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await Promise.all(names.map((name) => give(name)));
    await Promise.all(names.slice(0, 10).map((name) => revokeToken(path, { name, by: 'c', nowMs: NOW })));
    const tokens = await readTokens(path);
    expect(tokens.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(tokens.filter((token) => token.revokedAt !== null)).toHaveLength(10);
  });

  it.each([
    ['{', 'it is not JSON'],
    ['[]', 'it has another shape'],
    ['{"v":2,"tokens":[]}', 'its field v is wrong'],
    ['{"v":1,"tokens":[{"name":"local"}]}', 'its field tokens.0.name is wrong'],
  ])('is never overwritten when it holds %s', async (text, problem) => {
    writeFileSync(path, text, { mode: 0o600 });
    await expect(give('ana')).rejects.toMatchObject({
      code: 'tokens-damaged',
      message: `${path} cannot be used: ${problem}`,
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is not believed where others may write to it', async () => {
    await give('ana');
    chmodSync(path, 0o620);
    await expect(readTokens(path)).rejects.toThrow('other users may write to it');
  });

  it.each(['ana', 'Ana María', 'ci-deploy', 'ana@example.org', '日本'])('takes %j for a name', (name) => {
    expect(isTokenName(name)).toBe(true);
  });
  it.each(['', 'local', 'SOCKET', 'room', ' ana', 'ana ', '-x', 'a\u202eb', 'a\u001b[31m', 'x'.repeat(64), 'a\nb'])(
    'takes %j for no name',
    (name) => {
      expect(isTokenName(name)).toBe(false);
    },
  );
});
