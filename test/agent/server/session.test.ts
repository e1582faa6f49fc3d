import { describe, expect, it } from 'vitest';
import { createSession, type SessionHost, type Wire } from '../../../src/agent/server/session.ts';
import { encode } from '../../../src/protocol/codec.ts';
import { MAX_CLIENT_MESSAGE_BYTES, PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { admitting } from '../../support/admitting.ts';
import { until } from '../../support/until.ts';

const hello = {
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  token: 'right',
  name: 'ana',
  since: null,
  log: null,
  mark: null,
  now: 1_000,
} as const;
const note = {
  type: 'command',
  id: '01234567',
  command: { type: 'add-note', incident: 'INC-2026-0001', text: 'hi' },
} as const;

const shortWelcome: SessionHost['welcome'] = ({ you }) => ({ type: 'alive', now: you.length, writable: true, held: 0 });

const sessionUnderTest = (backlogBytes = () => 0, welcome = shortWelcome) => {
  const frames: Record<string, unknown>[] = [];
  const executed: unknown[] = [];
  let state = 'open';
  let told = 0;
  const wire: Wire = {
    send: (frame) => frames.push(JSON.parse(frame.toString())),
    backlogBytes,
    close: () => {
      state = 'closed';
    },
    terminate: () => {
      state = 'terminated';
    },
  };
  const host: SessionHost = {
    admit: admitting('right'),
    welcome,
    execute: async (command, by) => {
      executed.push({ command, by });
      return { ok: true, seq: 7, subject: 'N1' };
    },
    answer: async () => ({ about: 'incident', incident: null }),
    version: '0.2.0',
    fault: () => {},
    nowMs: () => 1_000,
    wallMs: () => 1_000,
    presenceChanged: () => {
      told += 1;
    },
  };
  const session = createSession(wire, host);
  return {
    session,
    frames,
    executed,
    state: () => state,
    /** How often the others were to be told who is here. */
    told: () => told,
    says: (message: unknown) => session.receive(JSON.stringify(message)),
  };
};

describe('a session', () => {
  it('greets who says hello with the right token, under a name made safe', async () => {
    const { says, frames, session } = sessionUnderTest();
    says({ ...hello, name: 'a\u001b]52;c;xx\u0007na' });
    expect(frames).toEqual([{ type: 'alive', now: 3, writable: true, held: 0 }]);
    expect(session.isLive()).toBe(true);
  });

  it('knows how far the clock of a client is off, from its hello on, and tells what changes', () => {
    const { says, session, told } = sessionUnderTest();
    says({ ...hello, now: 4_400 });
    expect(session.presence()?.skewMs).toBe(3_400);
    const before = told();
    says({ type: 'clock', now: 4_500 });
    expect(told()).toBe(before);
    says({ type: 'clock', now: -44_000 });
    expect(session.presence()?.skewMs).toBe(-45_000);
    expect(told()).toBe(before + 1);
    says({ type: 'clock', now: 1e300 });
    expect(session.presence()?.skewMs).toBeLessThan(1e13);
  });

  it('answers a command with its result, in the name of the session', async () => {
    const { says, frames, executed } = sessionUnderTest();
    says(hello);
    says(note);
    await until('the result', () => frames.length > 1);
    expect(executed).toMatchObject([{ by: { actor: { kind: 'person', name: 'ana' }, commandId: '01234567' } }]);
    expect(frames.at(-1)).toEqual({ type: 'result', id: '01234567', result: { ok: true, seq: 7, subject: 'N1' } });
  });

  it.each([
    ['a wrong token', { ...hello, token: 'wrong' }, 'token'],
    ['another protocol version', { ...hello, protocol: 99 }, 'version'],
    ['a command before hello', note, 'malformed'],
    ['something else', { type: 'launch' }, 'malformed'],
    ['nothing in it', {}, 'malformed'],
  ])('ends for %s, with the reason', (_what, message, reason) => {
    const { says, frames, state } = sessionUnderTest();
    says(message);
    expect(frames).toMatchObject([{ type: 'farewell', reason }]);
    expect(state()).toBe('closed');
  });

  it.each([
    ['not JSON', '{'],
    ['a second hello', JSON.stringify(hello)],
    ['a command without an id', JSON.stringify({ type: 'command', command: note.command })],
  ])('ends for %s and does nothing', (_what, raw) => {
    const { says, session, executed, frames } = sessionUnderTest();
    says(hello);
    session.receive(raw);
    expect(frames.at(-1)).toMatchObject({ type: 'farewell', reason: 'malformed' });
    says(note);
    expect(executed).toEqual([]);
  });

  it.each([
    ['with an unknown key', { ...note, command: { ...note.command, extra: 1 } }],
    [
      'that only the agent gives itself',
      { ...note, command: { type: 'record-applied', action: 'A1', errorRatio: null } },
    ],
    ['without words that can be seen', { ...note, command: { ...note.command, text: '\u200b\u001b[2J' } }],
  ])('refuses a command %s, and goes on', (_what, message) => {
    const { says, session, executed, frames } = sessionUnderTest();
    says(hello);
    says(message);
    expect(executed).toEqual([]);
    expect(frames.at(-1)).toMatchObject({
      type: 'result',
      id: note.id,
      result: { ok: false, refusal: { reason: 'not-understood' } },
    });
    expect(session.isLive()).toBe(true);
  });

  it('ends for a flood of commands', () => {
    const { says, frames, executed } = sessionUnderTest();
    says(hello);
    for (let count = 0; count < 60; count++) says(note);
    expect(executed).toHaveLength(50);
    expect(frames.at(-1)).toMatchObject({ type: 'farewell', reason: 'too-many' });
  });

  it('keeps numbers from a client that reads slowly, and cuts off one that reads nothing', () => {
    let backlog = 0;
    const { says, session, frames, state } = sessionUnderTest(() => backlog);
    says(hello);
    backlog = 1024 * 1024;
    session.deliverIfReading(encode({ type: 'signals', signals: {} }));
    expect(frames).toHaveLength(1);
    session.deliver(encode({ type: 'events', after: 0, upTo: 1, mark: 'm1', commits: [] }));
    expect(frames).toHaveLength(2);
    backlog = 100 * 1024 * 1024;
    session.deliver(encode({ type: 'events', after: 1, upTo: 2, mark: 'm2', commits: [] }));
    expect(frames.at(-1)).toMatchObject({ type: 'farewell', reason: 'resynchronise' });
    expect(state()).toBe('terminated');
  });

  it('[L3] does not count a long welcome against a client that takes it slowly, only what came after it', () => {
    let backlog = 0;
    const welcomeBytes = 9 * 1024 * 1024;
    const { says, session, state } = sessionUnderTest(
      () => backlog,
      () => ({ type: 'farewell', reason: 'stopping', message: 'x'.repeat(welcomeBytes) }),
    );
    says(hello);
    backlog = welcomeBytes;
    session.deliver(Buffer.from('{}'));
    expect(state()).toBe('open');
    const megabyte = Buffer.from(JSON.stringify('x'.repeat(1024 * 1024)));
    for (let count = 0; count < 20 && state() === 'open'; count += 1) {
      session.deliver(megabyte);
      backlog += megabyte.length;
    }
    expect(state()).toBe('terminated');
    expect(backlog).toBeLessThan(welcomeBytes + 11 * 1024 * 1024);
  });

  it('has room for the longest note in every script', () => {
    expect(JSON.stringify({ ...note, command: { ...note.command, text: '漢'.repeat(4_000) } }).length * 3).toBeLessThan(
      MAX_CLIENT_MESSAGE_BYTES,
    );
  });
});
