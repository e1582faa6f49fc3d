// What a client that was away is told: rules R1 to R5 of docs/protocol.md.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Present, resume } from '../../src/agent/server/resuming.ts';
import { applyMessage, emptyReplica } from '../../src/client/replica.ts';
import type { Room } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import type { AgentMessage } from '../../src/protocol/messages.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type BareTerminal, bareTerminal, helloOf, localTokenOf, type MessageOf } from '../support/bare-terminal.ts';
import { roomUnderTest } from '../support/room.ts';

const ID = 'INC-2026-0001';
const presentOf = (story: ReturnType<typeof roomUnderTest>, more: Partial<Present> = {}): Present => {
  const commits = story.commits();
  return {
    log: 'l1',
    seq: commits.length,
    room: story.room(),
    markAt: (seq) => (seq <= commits.length ? `m${seq}` : null),
    commitsAfter: (seq) => (seq <= commits.length ? commits.slice(seq) : null),
    ...more,
  };
};
const holding = (since: number | null, more: object = {}) => ({
  since,
  log: 'l1',
  mark: `m${since}`,
  you: 'ana',
  ...more,
});

describe('coming back', () => {
  const story = roomUnderTest();
  story.declares();
  story.does('ben', { type: 'acknowledge', incident: ID });

  it('[R1] brings the commits that were missed', () => {
    const present = presentOf(story);
    expect(resume(holding(1), present)).toEqual({ seq: 2, mark: 'm2', room: null, commits: story.commits().slice(1) });
    expect(resume(holding(2), present)).toEqual({ seq: 2, mark: 'm2', room: null, commits: [] });
  });

  it.each([
    ['another log', holding(1, { log: 'l2' })],
    ['the same log gone on elsewhere', holding(1, { mark: 'mX' })],
    ['no mark', holding(1, { mark: null })],
    ['a number that is yet to come', holding(7)],
    ['nothing', { since: null, log: null, mark: null, you: 'ana' }],
  ])('[R2] brings the whole room to who holds %s', (_what, held) => {
    expect(resume(held, presentOf(story))).toEqual({ seq: 2, mark: 'm2', room: story.room(), commits: [] });
  });

  it('[R3] brings the whole room to who was away too long', () => {
    const forgotten = presentOf(story, { commitsAfter: (seq) => (seq < 2 ? null : []) });
    expect(resume(holding(1), forgotten)).toMatchObject({ room: story.room(), commits: [] });
  });

  describe('[R4] brings the room as they may see it', () => {
    const privately = (): ReturnType<typeof roomUnderTest> => {
      const its = roomUnderTest();
      its.declares();
      its.does('ana', { type: 'set-people', incident: ID, people: [safeText('ben')] });
      its.does('ana', { type: 'acknowledge', incident: ID });
      return its;
    };

    it('to whom something in between is hidden from', () => {
      const resumed = resume(holding(2, { you: 'eve' }), presentOf(privately()));
      expect(resumed).toMatchObject({ commits: [], room: { incidents: {} } });
    });

    it('to whom it is not, but who may see what was changed', () => {
      const its = privately();
      expect(resume(holding(2, { you: 'ben' }), presentOf(its)).room).toBeNull();
      expect(resume(holding(1, { you: 'ben' }), presentOf(its)).room).toEqual(its.room());
    });

    it('to everybody, when what they missed is about an incident that has left the room', () => {
      const its = roomUnderTest();
      its.declares();
      const { incidents: _left, ...rest } = its.room();
      const room: Room = { ...rest, incidents: {}, archived: 1 };
      expect(resume(holding(0), presentOf(its, { room }))).toMatchObject({ room, commits: [] });
    });
  });

  it('[R5] takes no welcome that goes on under another name', () => {
    const welcome = (you: string, room: Room | null): AgentMessage =>
      ({
        type: 'welcome',
        log: 'l1',
        you,
        seq: 1,
        mark: 'm1',
        room,
        commits: [],
        agent: {},
      }) as unknown as AgentMessage;
    const first = applyMessage(emptyReplica('ana'), welcome('ana', story.room()));
    if (!first.ok) throw new Error('not taken');
    expect(applyMessage(first.replica, welcome('ana', null)).ok).toBe(true);
    expect(applyMessage(first.replica, welcome('ben', null)).ok).toBe(false);
    expect(applyMessage(first.replica, welcome('ben', story.room())).ok).toBe(true);
  });
});

describe('coming back to a real agent', () => {
  let agent: AgentUnderTest;
  let token: string;
  beforeEach(async () => {
    agent = await agentUnderTest();
    token = await localTokenOf(agent.stateDirectory);
  });
  afterEach(() => agent.clear());

  const declare = (terminal: BareTerminal, number: number): Promise<MessageOf<'result'>> => {
    const id = `declare-${number}`;
    const command = { type: 'declare', title: `failure ${number}`, services: ['checkout'], severity: 'SEV3' };
    terminal.says({ type: 'command', id, command });
    return terminal.hears('result', (message) => message.id === id);
  };
  const heldBy = ({ heard }: BareTerminal) => {
    const told = heard.findLast((message) => message.type === 'events' || message.type === 'welcome');
    if (told === undefined) throw new Error('nothing was told');
    const log = (heard.find(({ type }) => type === 'welcome') as MessageOf<'welcome'>).log;
    return { log, since: told.type === 'events' ? told.upTo : told.seq, mark: told.mark };
  };

  it('[R1] goes on where it was, over a restart of the agent too', async () => {
    const before = await bareTerminal(agent.url, helloOf(token));
    await Promise.all([declare(before, 1), declare(before, 2)]);
    const held = heldBy(before);
    const other = await bareTerminal(agent.url, helloOf(token));
    await declare(other, 3);
    const back = await bareTerminal(agent.url, helloOf(token, held));
    const welcome = await back.hears('welcome');
    const told = await other.hears('events', ({ upTo }) => upTo === welcome.seq);
    expect(welcome).toMatchObject({ room: null, mark: told.mark });
    const seqs = welcome.commits.map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: welcome.seq - held.since }, (_, index) => held.since + 1 + index));
    await agent.stop();
    await agent.start();
    const later = await (await bareTerminal(agent.url, helloOf(token, held))).hears('welcome');
    expect(later.room).toBeNull();
    expect(later.commits.slice(0, welcome.commits.length)).toEqual(welcome.commits);
  });

  it('[R2] starts afresh where a copy of the journal went on otherwise at the same numbers', async () => {
    const first = await bareTerminal(agent.url, helloOf(token));
    await declare(first, 1);
    await agent.stop();
    const copy = await mkdtemp(join(tmpdir(), 'warroom-copy-'));
    await cp(join(agent.stateDirectory, 'journal'), copy, { recursive: true });
    await agent.start();
    const here = await bareTerminal(agent.url, helloOf(token));
    await declare(here, 2);
    const held = heldBy(here);
    await agent.stop();
    await rm(join(agent.stateDirectory, 'journal'), { recursive: true });
    await rm(join(agent.stateDirectory, 'snapshots'), { recursive: true, force: true });
    await cp(copy, join(agent.stateDirectory, 'journal'), { recursive: true });
    await rm(copy, { recursive: true });
    await agent.start();
    const there = await bareTerminal(agent.url, helloOf(token));
    for (let number = 3; number === 3 || heldBy(there).since < held.since; number++) await declare(there, number);
    expect(heldBy(there)).toMatchObject({ log: held.log });
    const back = await (await bareTerminal(agent.url, helloOf(token, held))).hears('welcome');
    const titles = Object.values(back.room?.incidents ?? {}).map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['failure 1', 'failure 3']));
    expect(titles).not.toContain('failure 2');
  });
});
