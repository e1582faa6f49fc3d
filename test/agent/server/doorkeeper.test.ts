import { describe, expect, it } from 'vitest';
import { createDoorkeeper } from '../../../src/agent/server/doorkeeper.ts';
import { createFailedLogins } from '../../../src/agent/server/failed-logins.ts';
import type { Peer } from '../../../src/agent/server/peer.ts';
import type { Found } from '../../../src/agent/tokens/named-tokens.ts';
import type { StoredToken } from '../../../src/agent/tokens/token-file.ts';

const ANA: StoredToken = {
  name: 'ana',
  permission: 'responder',
  sha256: '0'.repeat(64),
  addedAt: '2026-11-22T03:00:00.000Z',
  addedBy: 'chris',
  expiresAt: null,
  revokedAt: null,
  revokedBy: null,
};
const FOUND: Readonly<Record<string, Found>> = {
  wr_ana: { kind: 'good', token: ANA },
  wr_old: { kind: 'ended', words: 'the token of ben expired at some time' },
  wr_torn: { kind: 'damaged' },
};
const near: Peer = { address: '127.0.0.1', isNear: true, isOwner: false, certificate: null };
const owner: Peer = { address: null, isNear: true, isOwner: true, certificate: null };
const far = (address = '10.0.0.7'): Peer => ({ address, isNear: false, isOwner: false, certificate: null });
const showing = (name: string, isVerified = true): Peer => ({ ...far(), certificate: { name, isVerified } });

const door = (mostAddresses?: number) => {
  let elapsedMs = 0;
  let looked = 0;
  const outcomes: string[] = [];
  const told: string[] = [];
  const admit = createDoorkeeper({
    localToken: 'local-token',
    named: {
      find: (presented) => {
        looked += 1;
        return FOUND[presented] ?? { kind: 'unknown' };
      },
      endOf: () => null,
    },
    failedLogins: createFailedLogins({
      elapsedMs: () => elapsedMs,
      tell: (count, address) => told.push(`${count} ${address}`),
      ...(mostAddresses === undefined ? {} : { mostAddresses }),
    }),
    onFailure: (outcome) => outcomes.push(outcome),
  });
  const pass = (ms: number): void => {
    elapsedMs += ms;
  };
  return { admit, pass, outcomes, told, looked: () => looked };
};

describe('the doorkeeper', () => {
  it('knows who somebody is by their own token', () => {
    expect(door().admit('wr_ana', far())).toMatchObject({
      ok: true,
      admission: { token: 'ana', permission: 'responder', person: 'ana' },
    });
  });

  it('takes the local token on this host alone, and lets its holder say who they are', () => {
    const { admit } = door();
    expect(admit('local-token', near)).toMatchObject({
      admission: { token: 'local', permission: 'commander', person: null },
    });
    expect(admit('local-token', owner)).toMatchObject({ ok: true });
    expect(admit('local-token', far())).toMatchObject({
      ok: false,
      message: expect.stringContaining('warroom token add'),
    });
  });

  it('needs no token where only the owner can come from, and counts one that is presented', () => {
    const { admit } = door();
    expect(admit('', owner)).toMatchObject({ admission: { permission: 'commander', person: null } });
    expect(admit('wr_ana', owner)).toMatchObject({ admission: { permission: 'responder', person: 'ana' } });
    expect(admit('wrong', owner)).toMatchObject({ ok: false });
    expect(admit('', near)).toMatchObject({ ok: false, message: 'a token is needed', afterMs: 0 });
  });

  it('takes the local token and the owner without one for the same user: they are no two persons', () => {
    const { admit } = door();
    const token = expect.objectContaining({ token: 'local' });
    expect([admit('local-token', near), admit('', owner)]).toEqual([
      { ok: true, admission: token },
      { ok: true, admission: token },
    ]);
  });

  it.each([
    ['wr_old', 'the token of ben expired at some time: ask for a new one'],
    ['wr_torn', 'the agent cannot read its tokens just now: its own log says why'],
    ['wrong', 'the token is not accepted: nobody here knows it'],
  ])('says of %s: %s', (presented, message) => {
    expect(door().admit(presented, far())).toMatchObject({ ok: false, why: 'token', message });
  });

  it('wants a shown certificate to be verified and to name the same person, and takes none instead of a token', () => {
    const { admit } = door();
    expect(admit('wr_ana', showing('ana'))).toMatchObject({ ok: true });
    expect(admit('wr_ana', showing('ben'))).toMatchObject({ message: expect.stringContaining('does not name ana') });
    expect(admit('wr_ana', showing('ana', false))).toMatchObject({ message: expect.stringContaining('no authority') });
    expect(admit('', showing('ana'))).toMatchObject({ ok: false, message: 'a token is needed' });
  });

  it('looks at nothing more from an address for the rest of a minute after ten wrong tokens', () => {
    const { admit, pass, outcomes, looked } = door();
    for (let tries = 0; tries < 10; tries += 1) expect(admit(`wrong-${tries}`, far())).toMatchObject({ why: 'token' });
    pass(59_000);
    expect(admit('wr_ana', far())).toEqual({
      ok: false,
      why: 'too-many',
      message: 'too many wrong tokens from this address: nothing from it is looked at for 1 s',
      afterMs: 0,
    });
    expect(looked()).toBe(10);
    expect(admit('wr_ana', far('10.0.0.8'))).toMatchObject({ ok: true });
    expect(outcomes).toEqual([...Array.from({ length: 10 }, () => 'wrong'), 'not-checked']);
    pass(1_000);
    expect(admit('wr_ana', far())).toMatchObject({ ok: true });
  });

  it('takes a whole network of IPv6 for one address, and an IPv4 address for itself in either spelling', () => {
    const { admit } = door();
    for (let tries = 0; tries < 10; tries += 1) admit('wrong', far(`2001:db8:0:1::${tries + 1}`));
    expect(admit('wr_ana', far('2001:db8:0:1:9:9:9:9'))).toMatchObject({ why: 'too-many' });
    expect(admit('wr_ana', far('2001:db8::1:0:0:0:1'))).toMatchObject({ why: 'too-many' });
    expect(admit('wr_ana', far('2001:db8:0:2::1'))).toMatchObject({ ok: true });
    expect(admit('wr_ana', far('::ffff:10.0.0.1'))).toMatchObject({ ok: true });
  });

  it('never shuts out this host: there a wrong token only takes a second', () => {
    const { admit } = door();
    for (let tries = 0; tries < 100; tries += 1)
      expect(admit('wrong', near)).toMatchObject({ why: 'token', afterMs: 1_000 });
    expect(admit('local-token', near)).toMatchObject({ ok: true });
  });

  it('remembers so many addresses and no more', () => {
    const { admit } = door(3);
    for (let tries = 0; tries < 10; tries += 1) admit('wrong', far('10.0.0.1'));
    expect(admit('wr_ana', far('10.0.0.1'))).toMatchObject({ why: 'too-many' });
    for (const address of ['10.0.0.2', '10.0.0.3', '10.0.0.4']) admit('wrong', far(address));
    expect(admit('wr_ana', far('10.0.0.1'))).toMatchObject({ ok: true });
  });

  it('tells of the first wrong token at once and of the others together, and never which they were', () => {
    const { admit, told } = door();
    for (let tries = 0; tries < 5; tries += 1) admit('wrong', far());
    expect(told).toEqual(['1 10.0.0.7']);
  });
});
