// How a session begins: rules O1 to O5 of docs/protocol.md, over a real agent's socket.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { PROTOCOL_VERSION } from '../../src/protocol/messages.ts';
import { commonVersion, noCommonVersion } from '../../src/protocol/versions.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { bareTerminal, helloOf, localTokenOf } from '../support/bare-terminal.ts';

let agent: AgentUnderTest;
let token: string;
beforeAll(async () => {
  agent = await agentUnderTest();
  token = await localTokenOf(agent.stateDirectory);
});
afterAll(() => agent.clear());

/** What a client of version 1 or 2 says, to the letter. */
const oldHello = (protocol: 1 | 2): unknown => ({
  type: 'hello',
  protocol,
  token,
  name: 'old',
  since: null,
  log: null,
});
/** How a client of version 1 or 2 reads a farewell. */
const oldFarewell = z.object({ type: z.literal('farewell'), reason: z.string(), message: z.string() });
/** How an agent of version 1 or 2 reads a hello before it looks at its version. */
const oldHelloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.number(),
  token: z.string().check(z.maxLength(200)),
  name: z.string().check(z.maxLength(64)),
  since: z.nullable(z.number().check(z.int(), z.nonnegative())),
  log: z.nullable(z.string().check(z.maxLength(64))),
});

describe('the opening', () => {
  it.each([
    ['a command', { type: 'command', id: '01234567', command: { type: 'acknowledge', incident: 'INC-2026-0001' } }],
    ['a question', { type: 'ask', id: '01234567', question: { about: 'incident', incident: 'INC-2026-0001' } }],
    ['a place', { type: 'looking', at: 'room', incident: null }],
    ['a clock', { type: 'clock', now: 0 }],
    ['nothing that is known', { type: 'open sesame' }],
  ])('[O1] with %s instead of hello ends at once', async (_what, message) => {
    const stranger = await bareTerminal(agent.url, null);
    stranger.says(message);
    expect(await stranger.hears('farewell')).toMatchObject({ reason: 'malformed' });
    await stranger.closed;
  });

  it.each([1, 2] as const)('[O2] [O5] sends a client of version %d away in words that it can read', async (version) => {
    const old = await bareTerminal(agent.url, null);
    old.says(oldHello(version));
    const farewell = await old.hears('farewell');
    expect(oldFarewell.parse(farewell)).toEqual({
      type: 'farewell',
      reason: 'version',
      message:
        'too old for this agent: use warroom test or newer ' +
        `(it speaks protocol ${PROTOCOL_VERSION}, this client protocol ${version})`,
    });
    await old.closed;
  });

  it('[O2] sends a client away that is newer than the agent and has forgotten its version', async () => {
    const newer = await bareTerminal(agent.url, {
      type: 'hello',
      protocol: 9,
      oldest: 7,
      credentials: ['other parts'],
    });
    expect(await newer.hears('farewell')).toMatchObject({
      reason: 'version',
      message: expect.stringMatching(/^too new for this agent: upgrade it, .* this client protocols 7 to 9\)$/),
    });
  });

  it('[O2] [O3] speaks its own version with a newer client that still knows it', async () => {
    const newer = await bareTerminal(agent.url, helloOf(token, { protocol: 9, oldest: PROTOCOL_VERSION, more: 1 }));
    expect(await newer.hears('welcome')).toMatchObject({ protocol: PROTOCOL_VERSION, you: 'bare', commits: [] });
    newer.socket.close();
  });

  it('[O2] turns a wrong token away', async () => {
    const stranger = await bareTerminal(agent.url, null);
    stranger.says(helloOf('wrong'));
    expect(await stranger.hears('farewell')).toMatchObject({ reason: 'token' });
  });

  it.each([
    [{ oldest: 1, newest: 3 }, { oldest: 3, newest: 5 }, 3],
    [{ oldest: 3, newest: 5 }, { oldest: 1, newest: 4 }, 4],
    [{ oldest: 2, newest: 2 }, { oldest: 3, newest: 3 }, null],
    [{ oldest: 3, newest: 3 }, { oldest: 2, newest: 2 }, null],
  ])('[O2] finds the newest version of %j and %j: %j', (one, other, expected) => {
    expect(commonVersion(one, other)).toBe(expected);
    expect(commonVersion(other, one)).toBe(expected);
  });

  it('[O2] says who is behind', () => {
    const three = { oldest: 3, newest: 3 };
    expect(noCommonVersion({ oldest: 1, newest: 2 }, three, '0.2.0')).toContain('too old for this agent');
    expect(noCommonVersion({ oldest: 4, newest: 5 }, three, '0.2.0')).toContain('too new for this agent');
  });

  it('[O3] tells the whole room, the clock and the log to a client that holds nothing', async () => {
    const terminal = await bareTerminal(agent.url, helloOf(token));
    expect(await terminal.hears('welcome')).toMatchObject({
      agent: { version: 'test', rate: 1, writable: true, held: 0 },
      log: expect.stringMatching(/./),
      mark: expect.stringMatching(/^[0-9a-f]{16}$/),
      seq: expect.any(Number),
      room: { incidents: {} },
      commits: [],
      presence: [{ name: 'bare' }],
    });
    terminal.socket.close();
  });

  it('[O4] refuses a web page', async () => {
    const socket = new WebSocket(`${agent.url.replace('http', 'ws')}/ws`, { origin: 'http://127.0.0.1' });
    const refused = await new Promise<string>((resolve) => socket.on('error', (error) => resolve(error.message)));
    expect(refused).toBe('Unexpected server response: 403');
  });

  it('[O5] says a hello that an agent of version 1 or 2 reads as far as its version', () => {
    expect(oldHelloSchema.parse(helloOf(token))).toMatchObject({ protocol: PROTOCOL_VERSION });
  });
});
