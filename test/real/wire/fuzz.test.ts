// Broken and hostile frames on the raw stream of one session while others work: rules L1 to L3 of docs/protocol.md.
// WARROOM_FUZZ_FRAMES=20000 WARROOM_FUZZ_SEED=1 vitest run --project real test/real/wire/fuzz.test.ts
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRoom } from '../../../src/client/connect.ts';
import type { RoomClient } from '../../../src/client/room-client.ts';
import { type AgentUnderTest, agentUnderTest } from '../../support/agent-under-test.ts';
import { type BareTerminal, bareTerminal, helloOf, localTokenOf } from '../../support/bare-terminal.ts';
import { until } from '../../support/until.ts';
import { broken, KINDS } from './broken-frames.ts';
import { collected } from './collected.ts';
import { chanceOf } from './seeded.ts';

const FRAMES = Number(process.env.WARROOM_FUZZ_FRAMES ?? 400);
const SEED = Number(process.env.WARROOM_FUZZ_SEED ?? Date.now() % 1_000_000);

let agent: AgentUnderTest;
let token: string;
let people: RoomClient[];
let now = '';

beforeEach(async () => {
  agent = await agentUnderTest();
  token = await localTokenOf(agent.stateDirectory);
  let { url } = agent;
  const address = () => {
    // While it is stopped it has no address.
    url = agent.url || url;
    return { url, token };
  };
  people = ['ana', 'ben'].map((name) => connectRoom({ address, name }));
  await until('two at work', () => people.every((one) => one.view().connection.name === 'live'));
});
afterEach(async () => {
  for (const one of people) one.close();
  await agent.clear();
});

/** What the fuzzed session knows and bends; none of them changes anything that is not refused or a note. */
const messagesAbout = (incident: string): readonly Record<string, unknown>[] => [
  { type: 'command', id: 'fuzz-note-1', command: { type: 'add-note', incident, text: 'a fuzzed note' } },
  { type: 'command', id: 'fuzz-fix-01', command: { type: 'correct-note', incident, note: 'N99999', text: 'x' } },
  { type: 'ask', id: 'fuzz-ask-01', question: { about: 'archive', words: 'it', limit: 10 } },
  { type: 'ask', id: 'fuzz-ask-02', question: { about: 'incident', incident } },
  { type: 'looking', at: 'room', incident },
  { type: 'clock', now: 1 },
];

const streamOf = ({ socket }: BareTerminal): Socket => (socket as unknown as { readonly _socket: Socket })._socket;
const hash = (state: unknown): string => createHash('sha256').update(JSON.stringify(state)).digest('hex');

describe(`a fuzzed session, seed ${SEED}`, () => {
  it('[L1] [L3] ends alone, changes nothing but what it may, and costs bounded memory', {
    timeout: 600_000,
  }, async () => {
    const [ana, ben] = people as [RoomClient, RoomClient];
    const declared = await ana.send({ type: 'declare', title: 'it fails', services: ['checkout'], severity: 'SEV3' });
    const incident = (declared.ok && declared.subject) || '';
    const messages = messagesAbout(incident);
    const chance = chanceOf(SEED);
    const worked: Promise<{ readonly ok: boolean }>[] = [];
    const connections = new Set<string>();
    for (const one of people) one.subscribe(() => connections.add(one.view().connection.name));
    const before = collected();
    let ended = 0;
    let stranger: BareTerminal | null = null;
    for (let count = 0; count < FRAMES; count++) {
      if (stranger === null || stranger.socket.readyState !== stranger.socket.OPEN) {
        ended += stranger === null ? 0 : 1;
        stranger?.socket.terminate();
        // A few do not even say hello.
        stranger = await bareTerminal(agent.url, chance.is(0.15) ? null : helloOf(token, { name: 'eve' }));
      }
      const { what, bytes } = broken(chance, chance.of(messages), KINDS[count] ?? chance.of(KINDS));
      now = `frame ${count} of seed ${SEED}: ${what}`;
      for (const piece of bytes) if (!streamOf(stranger).destroyed) streamOf(stranger).write(piece);
      if (count % 10 === 0) worked.push(ana.send({ type: 'add-note', incident, text: `ana ${count}` }));
      if (count % 10 === 5) worked.push(ben.send({ type: 'add-note', incident, text: `ben ${count}` }));
      // Half of them are looked at one by one, the others come on top of each other.
      if (count % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    stranger?.socket.terminate();
    const results = await Promise.all(worked);
    expect([now, results.filter(({ ok }) => !ok)]).toEqual([now, []]);
    expect([...connections].filter((name) => name !== 'live')).toEqual([]);
    expect(ended).toBeGreaterThan(FRAMES / 10);
    await until('the strangers are gone', () => ana.view().presence.every(({ name }) => name !== 'eve'));
    await until('both have the same', () => ana.view().seq === ben.view().seq);

    const { incidents, ...rest } = ana.view().room;
    expect(Object.keys(incidents)).toEqual([incident]);
    expect(rest).toMatchObject({
      archived: 0,
      actionsNumbered: 0,
      silences: {},
      silencesNumbered: 0,
      testsNumbered: 0,
    });
    const notes = Object.values(incidents[incident]?.notes ?? {}).map(({ text }) => String(text));
    expect(notes.filter((text) => /^(?:ana|ben) \d+$/.test(text))).toHaveLength(worked.length);
    expect(hash(ana.view().room)).toBe(hash(ben.view().room));
    // What it sent was a note, or nothing: a note whose bits were flipped may read otherwise.
    const others = incidents[incident]?.timeline
      .filter(({ actor }) => actor.name === 'eve')
      .map(({ event }) => event.type);
    expect([...new Set(others)].filter((type) => type !== 'note.added' && type !== 'note.corrected')).toEqual([]);
    expect(agent.lines.filter((line) => /fault/i.test(line))).toEqual([]);
    const after = collected();
    // A few KiB for each note; none for each frame.
    const grownBytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(grownBytes).toBeLessThan(24 * 1024 * 1024 + notes.length * 16 * 1024);

    await agent.stop();
    await agent.start();
    await until('live again', () => ana.view().connection.name === 'live');
    expect(Object.keys(ana.view().room.incidents)).toEqual([incident]);
  });
});
