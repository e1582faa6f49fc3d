import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/protocol/operator-error.ts';
import { runPlainRoom } from '../../../src/tui/plain/plain-room.ts';
import { type FakeRoom, fakeRoom } from '../../support/fake-room-client.ts';
import { plan } from '../../support/room.ts';
import { commandedRoom, failingRoom, INCIDENT } from '../../support/rooms-to-look-at.ts';
import { until } from '../../support/until.ts';

/** A person at a pipe. The agent answers a plan when it is told to. */
const visit = (room: FakeRoom, change: Partial<FakeRoom> = {}) => {
  const stdin = new PassThrough();
  const leave = new AbortController();
  let said = '';
  const write = (text: string): boolean => {
    said += text;
    return true;
  };
  const ended = runPlainRoom({
    client: { ...room, ...change },
    stdin,
    stdout: { write, writableLength: 0 },
    glyphs: 'unicode',
    leave: leave.signal,
    localNow: () => performance.now(),
  });
  return {
    stdin,
    ended,
    leave: () => leave.abort(),
    all: () => said,
    says: (words: string) => until(`"${words}" in:\n${said}`, () => said.includes(words)),
  };
};

describe('the room as lines', () => {
  it('tells how it stands, then what comes, and leaves on quit', async () => {
    const room = failingRoom();
    const { stdin, ended, all, says } = visit(room);
    await says('NO COMMANDER');
    expect(room.looked()).toEqual({ at: 'plain', incident: null });
    room.story.does('ben', { type: 'claim-role', incident: INCIDENT, role: 'commander' });
    room.changed();
    await says('ben took command');
    stdin.write('ack\n');
    await says('ana acknowledged');
    expect(room.looked()).toEqual({ at: 'plain', incident: INCIDENT });
    stdin.write('quit\n');
    expect(await ended).toBe('left');
    expect(all()).toMatch(/the agent keeps running; come back: warroom\n$/);
    expect(all()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it('answers a script to its end before it leaves', async () => {
    const { stdin, ended, all } = visit(commandedRoom());
    stdin.end('note from a script\nstatus\nquit\n');
    expect(await ended).toBe('left');
    expect(all()).toContain('ana note: from a script');
    expect(all()).toContain('connected, 1 open incident');
  });

  it('reads a plan out when the agent has it, and takes no confirm that was piped in before', async () => {
    const room = commandedRoom();
    const { stdin, ended, leave, all, says } = visit(room);
    stdin.write('contain circuit-breaker on checkout\narm A1\nconfirm A1\n');
    await until('the request', () => room.sent.length === 1);
    room.story.agentDoes({ type: 'record-plan', action: 'A1', plan });
    room.changed();
    await says('plan A1: circuit-breaker');
    await until('both to be heard', () => all().split('too soon').length === 2 && all().includes('not armed'));
    expect(room.story.incident().actions.A1?.state.name).toBe('planned');
    leave();
    await ended;
  });

  it('goes on telling when its input ends, until it is told to leave', async () => {
    const room = failingRoom();
    const { stdin, ended, leave, says } = visit(room);
    stdin.end();
    await says('SEV2 INC-1');
    room.story.does('ben', { type: 'add-note', incident: INCIDENT, text: 'still here' as never });
    room.changed();
    await says('ben note: still here');
    leave();
    expect(await ended).toBe('left');
  });

  it('ends where the agent will not have it, in the words of the agent', async () => {
    const room = fakeRoom();
    room.with({ agent: null, connection: { name: 'connecting', attempt: 1 } });
    const { ended, all } = visit(room);
    room.with({ connection: { name: 'refused', message: 'the token is not \u001b[2Jaccepted' } });
    expect(await ended).toBe('refused');
    expect(all()).toBe('the agent refuses this connection: the token is not accepted\n');
  });

  it('says when no answer came, and goes on', async () => {
    const send = () => Promise.reject(new OperatorError('no-agent', 'the agent did not answer', 'look'));
    const { stdin, ended, says } = visit(commandedRoom(), { send });
    stdin.write('ack\n');
    await says('no answer: the agent did not answer; look before trying again');
    stdin.write('quit\n');
    expect(await ended).toBe('left');
  });

  it('joins anew when the log is another one', async () => {
    const room = commandedRoom();
    const { ended, leave, says } = visit(room);
    await says('SEV2 INC-1');
    room.with({ seq: 0, room: fakeRoom().view().room });
    await says('another log');
    await says('no incident');
    leave();
    await ended;
  });
});
