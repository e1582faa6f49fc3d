import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type Ended, jsonOf, run } from './command-line.ts';

let agent: AgentUnderTest;
beforeAll(async () => {
  agent = await agentUnderTest();
});
afterAll(() => agent.clear());

const warroom = (...args: readonly string[]): Promise<Ended> => run(args, agent.env);
const json = async (...args: readonly string[]) => {
  const ended = await warroom(...args, '--json');
  return { exit: ended.exit, ...jsonOf(ended) } as Record<string, unknown> & { subject: string; exit: number };
};
const listed = async () => (await json('silence', '--list')).silences as readonly Record<string, unknown>[];

afterEach(async () => {
  for (const { id, state } of await listed()) if (state !== 'ended') await warroom('silence', '--lift', String(id));
});

describe('setting a silence', () => {
  it('answers with its id, its services and its end', async () => {
    const { exit, stdout } = await warroom(
      'silence',
      'checkout',
      'payments',
      '--for',
      '30m',
      '--reason',
      'deploy of 4.2',
    );
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^S\d+: checkout, payments silenced until \S+Z, 00:30:00 left\n$/);
  });

  it('answers scripts with the silence as it then is', async () => {
    const answer = await json('silence', 'checkout', '--for', '1h', '--reason', 'deploy', '--as', 'ben');
    expect(answer).toEqual({
      exit: 0,
      ok: true,
      seq: expect.any(Number),
      subject: expect.stringMatching(/^S\d+$/),
      silence: {
        id: answer.subject,
        services: ['checkout'],
        state: 'in-force',
        startsAt: expect.stringMatching(/Z$/),
        endsAt: expect.stringMatching(/Z$/),
        by: 'ben',
        reason: 'deploy',
        held: { alerts: 0, firing: 0, breaches: 0 },
        ended: null,
      },
    });
  });

  it('of every service, and of a time to come', async () => {
    expect((await warroom('silence', '--all', '--for', '10m')).stdout).toMatch(/^S\d+: every service silenced until /);
    const planned = await warroom('silence', 'vault', '--for', '2h', '--in', '1h');
    expect(planned.stdout).toMatch(/^S\d+: vault silenced from \S+Z in (59|60) min, until \S+Z\n$/);
    expect((await json('silence', 'vault', '--for', '2h', '--in', '3h')).silence).toMatchObject({
      state: 'planned',
      services: ['vault'],
    });
  });

  it('holds an alert back until it is lifted, and then it declares', async () => {
    const { subject } = await json('silence', 'vault', '--for', '30m');
    const alert = await json('alert', 'vault', 'critical', 'seal is broken');
    expect(alert).toMatchObject({ exit: 0, ok: true, seq: expect.any(Number), subject: null });
    expect((await warroom('alert', 'vault', 'critical', 'seal is broken')).stdout).toMatch(
      new RegExp(`^held by silence ${subject} until \\S+Z: no incident has it yet\n$`),
    );
    expect((await json('status')).incidents).toEqual([]);
    expect((await listed()).find(({ id }) => id === subject)).toMatchObject({
      held: { alerts: 1, firing: 1, breaches: 0 },
    });
    expect((await warroom('silence', '--list')).stdout).toMatch(
      new RegExp(`^${subject} +vault +until \\S+, 00:\\d\\d:\\d\\d left +1 alert and 0 breaches held +ana$`, 'm'),
    );
    const lifted = await warroom('silence', '--lift', subject);
    expect(lifted).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(new RegExp(`^${subject}: vault ended \\S+Z\\n$`)),
    });
    const { incidents } = (await json('status')) as unknown as { incidents: readonly { id: string; title: string }[] };
    expect(incidents).toMatchObject([{ title: 'vault: seal is broken' }]);
    await warroom('close', incidents[0]!.id, '--false-alarm');
  });

  it('says that nothing is silenced, and tells scripts of what has ended', async () => {
    const { subject } = await json('silence', 'checkout', '--for', '30m');
    await warroom('silence', '--lift', subject);
    expect(await warroom('silence', '--list')).toMatchObject({ exit: 0, stdout: 'nothing is silenced\n' });
    expect((await listed()).find(({ id }) => id === subject)).toMatchObject({
      state: 'ended',
      ended: { at: expect.any(String), because: 'lifted', by: 'ana' },
    });
  });

  it.each([
    ['a service nobody knows', ['silence', 'chekout', '--for', '30m'], 'no-such-service'],
    ['an id that is none', ['silence', '--lift', 'S999'], 'no-such-silence'],
    ['an id of something else', ['silence', '--lift', '__proto__'], 'no-such-silence'],
  ])('%s is refused with 3', async (_what, args, reason) => {
    expect(await json(...args)).toMatchObject({
      exit: 3,
      ok: false,
      refusal: { reason, remedy: expect.stringMatching(/./) },
    });
    expect((await warroom(...args)).stdout).toBe('');
  });

  it('is refused when it has ended already', async () => {
    const { subject } = await json('silence', 'checkout', '--for', '30m');
    await warroom('silence', '--lift', subject);
    expect(await json('silence', '--lift', subject)).toMatchObject({ exit: 3, refusal: { reason: 'already-so' } });
  });

  it.each([
    ['no service', ['silence', '--for', '30m'], 'no service is named'],
    ['no end', ['silence', 'checkout'], 'a silence needs an end'],
    ['a time that is none', ['silence', 'checkout', '--for', 'soon'], 'length of time'],
    ['too short a time', ['silence', 'checkout', '--for', '5s'], 'a silence lasts from 1 minute to 7 days'],
    ['too long a time', ['silence', 'checkout', '--for', '8d'], 'a silence lasts from 1 minute to 7 days'],
    ['a start too far away', ['silence', 'checkout', '--for', '1h', '--in', '31d'], 'a silence begins within 30 days'],
    ['all and one', ['silence', 'checkout', '--all', '--for', '1h'], '--all and names are two things'],
    ['lifting and setting at once', ['silence', 'checkout', '--lift', 'S1', '--for', '1h'], '--lift ends a silence'],
    ['an empty name', ['silence', '', '--for', '1h'], 'services'],
    [
      'more services than one silence takes',
      ['silence', ...Array.from({ length: 51 }, (_, index) => `s${index}`), '--for', '1h'],
      'services',
    ],
  ])('%s is a slip with 2', async (_what, args, words) => {
    const ended = await warroom(...args);
    expect(ended).toMatchObject({ exit: 2, stdout: '' });
    expect(ended.stderr).toContain(words);
  });

  it('draws hostile words as harmless ones', async () => {
    const evil = '\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u202egone\r\nS999 fake';
    await warroom('silence', 'checkout', '--for', '30m', '--reason', evil, '--as', `e${evil}`);
    for (const args of [
      ['silence', '--list'],
      ['silence', '--list', '--json'],
      ['silence', '--lift', '\u001b[2Jgone\u202e'],
      ['silence', evil, '--for', '1h'],
    ]) {
      const { stdout, stderr } = await warroom(...args);
      expect(`${stdout}${stderr}`).toContain('gone');
      expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(`${stdout}${stderr}`).not.toMatch(/^S999/m);
    }
  });
});
