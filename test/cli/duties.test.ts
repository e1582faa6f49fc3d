import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type Ended, jsonOf, run } from './command-line.ts';

const ROLES_YAML = `
roles:
  commander: { title: Incident Commander, responsibilities: [Overall coordination, Say it twice] }
  tech: { title: Technical Lead, responsibilities: [Diagnosis] }
  comms: { title: Communications Lead, responsibilities: [Status page] }
  scribe: { title: Scribe, responsibilities: [Timeline] }
  on-call: { title: On-Call Engineer, responsibilities: [] }
`;

let agent: AgentUnderTest;
let id: string;
beforeAll(async () => {
  agent = await agentUnderTest({ 'roles.yaml': ROLES_YAML });
});
afterAll(() => agent.clear());
beforeEach(async () => {
  id = (await json('declare', '--service', 'checkout', '--title', 'checkout fails')).subject;
});

const warroom = (...args: readonly string[]): Promise<Ended> => run(args, agent.env);
const json = async (...args: readonly string[]) => {
  const ended = await warroom(...args, '--json');
  return { exit: ended.exit, ...jsonOf(ended) } as Record<string, unknown> & { subject: string; exit: number };
};

describe('the duties of a role', () => {
  it('are a list, open and done', async () => {
    await warroom('role', id, 'ic');
    expect((await warroom('duty', id, 'ic')).stdout).toBe(
      [`${id}, command: ana`, '  1 [ ] Overall coordination', '  2 [ ] Say it twice', ''].join('\n'),
    );
    await warroom('duty', id, 'commander', '1', '--as', 'ben');
    expect((await warroom('duty', id, 'ic')).stdout).toMatch(
      /^ {2}1 \[x\] Overall coordination {3}ben, \d\d:\d\d:\d\d$/m,
    );
    expect((await warroom('duty', id, 'tech')).stdout).toBe(`${id}, technical lead: nobody\n  1 [ ] Diagnosis\n`);
    expect((await warroom('duty', id, 'on-call')).stdout).toBe(`${id}, on-call: nobody\n`);
  });

  it('are told scripts with number, words, person and time', async () => {
    await warroom('duty', id, 'ic', '2', '--as', 'ben');
    expect(await json('duty', id, 'ic')).toEqual({
      exit: 0,
      incident: id,
      role: 'commander',
      duties: [
        { number: 1, words: 'Overall coordination', by: null, at: null },
        { number: 2, words: 'Say it twice', by: 'ben', at: expect.stringMatching(/Z$/) },
      ],
    });
  });

  it('are ticked by number or by words, and taken up again', async () => {
    expect(await warroom('duty', id, 'ic', '1')).toMatchObject({
      exit: 0,
      stdout: `${id}, command: Overall coordination is done\n`,
    });
    expect(await warroom('duty', id, 'ic', 'Say', 'it', 'twice')).toMatchObject({
      exit: 0,
      stdout: `${id}, command: Say it twice is done\n`,
    });
    expect(await warroom('duty', id, 'ic', '1', '--undone')).toMatchObject({
      exit: 0,
      stdout: `${id}, command: Overall coordination is open again\n`,
    });
    const answer = await json('duty', id, 'tech', '1');
    expect(answer).toMatchObject({
      exit: 0,
      ok: true,
      seq: expect.any(Number),
      subject: id,
      incident: { id, severity: 'SEV3' },
    });
  });

  it.each([
    ['a number that is none', ['9'], 'no-such-duty'],
    ['words of no duty', ['make coffee'], 'no-such-duty'],
    ['zero', ['0'], 'no-such-duty'],
    ['what is open already', ['1', '--undone'], 'already-so'],
  ])('%s is refused with 3', async (_what, words, reason) => {
    expect(await json('duty', id, 'ic', ...words)).toMatchObject({ exit: 3, refusal: { reason } });
    expect((await warroom('duty', id, 'ic', ...words)).stderr).toMatch(/^refused: /);
  });

  it('of an incident or a role that is none are refused, or a slip', async () => {
    expect(await json('duty', '9999', 'ic')).toMatchObject({ exit: 3, refusal: { reason: 'no-such-incident' } });
    expect(await json('duty', '9999', 'ic', '1')).toMatchObject({ exit: 3, refusal: { reason: 'no-such-incident' } });
    expect(await warroom('duty', id, 'boss')).toMatchObject({ exit: 2, stdout: '' });
    expect(await warroom('duty', id)).toMatchObject({ exit: 2, stdout: '' });
    expect(await warroom('duty', id, 'ic', '\u001b[2J')).toMatchObject({ exit: 2, stdout: '' });
  });

  it('are drawn harmless, whatever is said', async () => {
    const evil = '\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u202egone\r\nSEV9 fake';
    for (const args of [
      ['duty', id, 'ic', evil],
      ['duty', evil, 'ic'],
      ['duty', id, 'ic', evil, '--json'],
      ['role', id, 'tech', '--to', evil],
      ['role', id, 'tech', '--to', evil, '--json'],
    ]) {
      const { stdout, stderr } = await warroom(...args);
      expect(`${stdout}${stderr}`).toContain('gone');
      expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(`${stdout}${stderr}`).not.toMatch(/^SEV9/m);
    }
  });
});

describe('a role', () => {
  it('is given to somebody, who need not be here', async () => {
    expect(await warroom('role', id, 'scribe', '--to', 'dora')).toMatchObject({
      exit: 0,
      stdout: `dora has scribe of ${id}\n`,
    });
    expect((await warroom('duty', id, 'scribe')).stdout).toContain('scribe: dora');
    expect((await warroom('timeline', id)).stdout).toMatch(/dora +took scribe, given by ana/);
    expect(await json('role', id, 'tech', '--to', 'ben')).toMatchObject({
      exit: 0,
      ok: true,
      subject: id,
      incident: { id },
    });
  });

  it('is free again when it was given up, by the one who has it or the commander', async () => {
    await warroom('role', id, 'tech', '--to', 'ben');
    expect(await json('role', id, 'tech', '--release')).toMatchObject({ exit: 3, refusal: { reason: 'role-held' } });
    expect(await warroom('role', id, 'tech', '--release', '--as', 'ben')).toMatchObject({
      exit: 0,
      stdout: `technical lead of ${id} is free\n`,
    });
    await warroom('role', id, 'tech', '--to', 'ben');
    await warroom('role', id, 'ic');
    expect(await warroom('role', id, 'tech', '--release')).toMatchObject({ exit: 0 });
  });

  it.each([
    ['command to another', ['commander', '--to', 'ben'], 'own-claim-only'],
    ['what nobody has', ['comms', '--release'], 'role-not-held'],
  ])('refuses %s with 3', async (_what, words, reason) => {
    expect(await json('role', id, ...words)).toMatchObject({ exit: 3, refusal: { reason } });
  });

  it.each([
    ['giving and giving up at once', ['tech', '--to', 'ben', '--release']],
    ['giving to nobody', ['tech', '--to', '']],
    ['a role that is none', ['boss']],
  ])('takes %s for a slip with 2', async (_what, words) => {
    expect(await warroom('role', id, ...words)).toMatchObject({ exit: 2, stdout: '' });
  });
});
