import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { examineDoors } from '../../src/agent/setup/examine-doors.ts';
import { addToken, tokensPath } from '../../src/agent/tokens/token-file.ts';
import { authorityIn } from '../support/certificates.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'wr-doors-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const found = async (host: string, daysLeft: number | null) => {
  const tls =
    daysLeft === null
      ? null
      : {
          ...authorityIn(state, 'authority').sign('agent', {
            commonName: 'agent',
            to: new Date(Date.now() + daysLeft * DAY_MS),
            from: new Date(Date.now() - 100 * DAY_MS),
          }),
          clientCertificates: null,
        };
  const findings = await examineDoors({ host, tls }, state);
  return findings.map(({ state: how, what }) => `${how} ${what}`);
};

const give = (name: string) =>
  addToken(tokensPath(state), { name, permission: 'viewer', expiresAtMs: null, by: 'test', nowMs: Date.now() });

it('the loopback alone is nothing to tell of', async () => {
  expect(await found('127.0.0.1', null)).toEqual([]);
});

it('what the agent would refuse at its start is found before', async () => {
  expect(await found('0.0.0.0', null)).toEqual([expect.stringMatching(/^fail .* without a certificate/)]);
  expect(await found('0.0.0.0', 60)).toEqual([
    expect.stringMatching(/^fail .* while nobody has a token/),
    expect.stringMatching(/^ok the certificate .* holds until/),
  ]);
  await give('ana');
  expect(await found('0.0.0.0', 60)).toEqual([
    'ok one person has a token of their own',
    expect.stringMatching(/^ok the certificate/),
  ]);
});

it('a certificate that is over, or soon will be, is found', async () => {
  expect(await found('127.0.0.1', -1)).toEqual([expect.stringMatching(/^fail .* expired at/)]);
  expect(await found('127.0.0.1', 5)).toEqual([expect.stringMatching(/^warn .* expires in [45] days/)]);
});

it('files that cannot be used are found', async () => {
  writeFileSync(tokensPath(state), '{');
  const none = { certificate: join(state, 'none.crt'), key: join(state, 'none.key'), clientCertificates: null };
  const findings = await examineDoors({ host: '127.0.0.1', tls: none }, state);
  expect(findings.map(({ what }) => what)).toEqual([
    expect.stringContaining('cannot be used: it is not JSON'),
    expect.stringContaining('cannot be read: ENOENT'),
  ]);
});
