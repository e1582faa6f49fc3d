import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, loopbackServer } from '../agent/drivers/loopback-server.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type Ended, jsonOf, run } from './command-line.ts';

let agent: AgentUnderTest;
let pager: LoopbackServer;
beforeAll(async () => {
  pager = await loopbackServer((_, response) => response.end());
  const contacts = [
    `  ben: { webhook: { url: '${pager.url}/hook?token=s3cr3t' } }`,
    '  ana: { phone: "+15551234567" }',
  ];
  agent = await agentUnderTest({ 'notifications.yaml': ['contacts:', ...contacts, ''].join('\n') });
});
afterAll(async () => {
  await agent.clear();
  await pager.close();
});
beforeEach(() => {
  pager.answer((_, response) => response.end());
  pager.seen.length = 0;
});

const warroom = (...args: readonly string[]): Promise<Ended> => run(args, agent.env);
const json = async (...args: readonly string[]) => {
  const ended = await warroom(...args, '--json');
  return { exit: ended.exit, stderr: ended.stderr, ...jsonOf(ended) };
};

describe('testing a contact', () => {
  it('sends a real message by each of their ways, and says how long it took', async () => {
    const { exit, stdout } = await warroom('notify-test', 'ben');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^ben {2}webhook {2}sent, \d+\.\d s$/m);
    expect(stdout).toMatch(/^ben {2}log {6}sent, \d+\.\d s$/m);
    expect(pager.seen).toHaveLength(1);
    expect(JSON.parse(pager.seen[0]!.body)).toMatchObject({ kind: 'test', contact: 'ben', incident: null });
  });

  it('of somebody without an address goes to the log alone', async () => {
    expect((await warroom('notify-test', 'ana')).stdout).toMatch(/^ana {2}log {2}sent, \d+\.\d s\n$/);
    expect(pager.seen).toEqual([]);
  });

  it('tells scripts each way and its outcome', async () => {
    expect(await json('notify-test', 'ben', '--channel', 'webhook')).toEqual({
      exit: 0,
      stderr: '',
      ok: true,
      seq: expect.any(Number),
      subject: expect.stringMatching(/^T\d+$/),
      tests: [
        {
          id: expect.stringMatching(/^T\d+$/),
          contact: 'ben',
          channel: 'webhook',
          state: 'sent',
          tookMs: expect.any(Number),
          reason: null,
        },
      ],
    });
  });

  it('fails with 1 where a way fails, names it, and gives no secret away', async () => {
    pager.answer(({ path }, response) => response.writeHead(404).end(`no ${path}`));
    const ended = await warroom('notify-test', 'ben');
    expect(ended).toMatchObject({ exit: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^ben {2}webhook {2}FAILED: .+$/m);
    expect(ended.stderr).toMatch(/^ben {2}log {6}sent/m);
    expect(ended.stderr).not.toContain('s3cr3t');
    const answer = await json('notify-test', 'ben');
    expect(answer).toMatchObject({
      exit: 1,
      ok: false,
      subject: expect.stringMatching(/^T\d+$/),
      failure: { reason: 'not-sent', detail: expect.stringMatching(/^webhook: FAILED: /) },
    });
    expect((answer as unknown as { tests: unknown[] }).tests).toHaveLength(2);
    expect(JSON.stringify(answer)).not.toContain('s3cr3t');
  });

  it('says what the far end says only as harmless text', async () => {
    pager.answer((_, response) =>
      response.writeHead(400).end('\u001b]52;c;ZXZpbA==\u0007\u001b[2Jno\u202e\r\nT9 fake'),
    );
    for (const args of [
      ['notify-test', 'ben'],
      ['notify-test', 'ben', '--json'],
    ]) {
      const { exit, stdout, stderr } = await warroom(...args);
      expect(exit).toBe(1);
      expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(`${stdout}${stderr}`).not.toMatch(/^T9/m);
    }
  });

  it.each([
    ['somebody nobody knows', ['zoe'], 'there is no contact zoe'],
    ['a way they are not reached by', ['ana', '--channel', 'email'], 'ana is not reached by email'],
    ['a name of something else', ['__proto__'], 'there is no contact __proto__'],
    ['a hostile name', ['\u001b[2Jzoe\u202e'], 'there is no contact zoe'],
  ])('refuses %s with 3, and says who or how', async (_what, words, message) => {
    expect(await json('notify-test', ...words)).toMatchObject({
      exit: 3,
      refusal: { reason: 'no-such-contact', message },
    });
    expect(await warroom('notify-test', ...words)).toMatchObject({ exit: 3, stdout: '' });
    expect(pager.seen).toEqual([]);
  });

  it.each([
    ['nobody', []],
    ['an empty name', ['']],
    ['an empty way', ['ben', '--channel', '']],
  ])('takes %s for a slip with 2', async (_what, words) => {
    expect(await warroom('notify-test', ...words)).toMatchObject({ exit: 2, stdout: '' });
  });

  it('finds a name that has blanks around it', async () => {
    expect(await warroom('notify-test', ' ana ')).toMatchObject({ exit: 0 });
  });
});
