import { describe, expect, it } from 'vitest';
import type { PersonCommandInput } from '../../../src/incident/commands.ts';
import { understand, VERBS } from '../../../src/tui/plain/verbs.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import {
  calmRoom,
  commandedRoom,
  containedRoom,
  failingRoom,
  INCIDENT,
  severalRoom,
} from '../../support/rooms-to-look-at.ts';
import { talker } from './talker.ts';

const of = { incident: INCIDENT };
const lastSent = (room: FakeRoom): PersonCommandInput | undefined => room.sent.at(-1);

interface Case {
  readonly lines: readonly string[];
  readonly sends: PersonCommandInput;
}

const cases: readonly Case[] = [
  { lines: ['ack'], sends: { type: 'acknowledge', ...of } },
  { lines: [':ACK'], sends: { type: 'acknowledge', ...of } },
  { lines: ['acknowledge'], sends: { type: 'acknowledge', ...of } },
  { lines: ['note the cache is full'], sends: { type: 'add-note', ...of, text: 'the cache is full' } },
  { lines: ['note', 'status of the cache'], sends: { type: 'add-note', ...of, text: 'status of the cache' } },
  { lines: ['title it is the cache'], sends: { type: 'retitle', ...of, title: 'it is the cache' } },
  { lines: ['role scribe'], sends: { type: 'claim-role', ...of, role: 'scribe' } },
  { lines: ['role', '4'], sends: { type: 'claim-role', ...of, role: 'scribe' } },
  { lines: ['role ic'], sends: { type: 'release-role', ...of, role: 'commander' } },
  { lines: ['role scribe ben'], sends: { type: 'assign-role', ...of, role: 'scribe', person: 'ben' } },
  { lines: ['severity sev1'], sends: { type: 'set-severity', ...of, severity: 'SEV1', reason: '' } },
  { lines: ['severity 1'], sends: { type: 'set-severity', ...of, severity: 'SEV1', reason: '' } },
  { lines: ['severity', 'sev1'], sends: { type: 'set-severity', ...of, severity: 'SEV1', reason: '' } },
  {
    lines: ['severity sev3', 'only a few'],
    sends: { type: 'set-severity', ...of, severity: 'SEV3', reason: 'only a few' },
  },
  {
    lines: ['severity sev3 only a few'],
    sends: { type: 'set-severity', ...of, severity: 'SEV3', reason: 'only a few' },
  },
  { lines: ['phase mitigation'], sends: { type: 'enter-phase', ...of, phase: 'mitigation' } },
  { lines: ['phase', '3'], sends: { type: 'enter-phase', ...of, phase: 'mitigation' } },
  { lines: ['resolve', 'yes'], sends: { type: 'resolve', ...of } },
  { lines: ['close all well', 'YES'], sends: { type: 'close', ...of, falseAlarm: false, reason: 'all well' } },
  {
    lines: ['false-alarm', 'a test of the probe', 'yes'],
    sends: { type: 'close', ...of, falseAlarm: true, reason: 'a test of the probe' },
  },
  {
    lines: ['declare', '3', 'search is slow', '2'],
    sends: { type: 'declare', title: 'search is slow', services: ['search'], severity: 'SEV2' },
  },
  {
    lines: ['declare search', 'search is slow', 'sev4'],
    sends: { type: 'declare', title: 'search is slow', services: ['search'], severity: 'SEV4' },
  },
];

describe('a typed line', () => {
  it.each(cases)('$lines asks for what it says', async ({ lines, sends }) => {
    const room = commandedRoom();
    const ana = talker(room);
    for (const line of lines) await ana.types(line);
    expect(lastSent(room)).toEqual(sends);
    expect(room.sent).toHaveLength(1);
  });

  it.each([
    ['resolve', ''],
    ['resolve', 'y'],
    ['resolve', 'no'],
    ['close', 'yes please'],
    ['severity sev3', ''],
    ['note', ''],
    ['declare search', ''],
    ['phase', '9'],
    ['phase', '0'],
    ['role', 'king'],
  ])('%s and then "%s" does nothing', async (first, second) => {
    const room = commandedRoom();
    const ana = talker(room);
    expect(await ana.types(first)).not.toBe('');
    expect(await ana.types(second)).not.toBe('');
    expect(room.sent).toEqual([]);
  });

  it('yes in a paste ends no incident', async () => {
    const room = commandedRoom();
    const ana = talker(room);
    await ana.pastes('resolve');
    expect(await ana.pastes('yes')).toContain('type yes by itself');
    expect(room.sent).toEqual([]);
    await ana.types('yes');
    expect(lastSent(room)).toEqual({ type: 'resolve', ...of });
  });

  it('says what is still in place before it resolves, and why it cannot be closed', async () => {
    const room = containedRoom();
    const ana = talker(room);
    expect(await ana.types('resolve')).toContain('still in place: A1 circuit-breaker on checkout');
    await ana.types('yes');
    await ana.types('close');
    expect(await ana.types('yes')).toMatch(/^refused: .*A1/);
  });

  it('that is empty says nothing and does nothing', async () => {
    const room = commandedRoom();
    expect(await talker(room).types('   ')).toBe('');
    expect(room.sent).toEqual([]);
  });

  it.each([
    ['stauts', 'status'],
    ['sev', 'severity'],
    ['cofirm A7', 'confirm'],
    ['timline', 'timeline'],
    ['kubectl', null],
    ['__proto__', null],
    ['constructor', null],
    ['\u001b[2J', null],
  ])('%j is no word; meant: %s', async (line, meant) => {
    const said = await talker(commandedRoom()).types(line);
    expect(said).toContain('there is no word');
    if (meant === null) expect(said).not.toContain('did you mean');
    else expect(said).toContain(`did you mean ${meant}?`);
  });

  it('quit leaves, even from a question', async () => {
    const ana = talker(commandedRoom());
    await ana.types('contain');
    await ana.types('quit');
    expect(ana.hasQuit()).toBe(true);
  });

  it('help has every word in one line', async () => {
    const help = (await talker(calmRoom()).types('help')).split('\n');
    for (const [name] of VERBS) expect(help.filter((line) => line.startsWith(`  ${name}`)).length).toBeGreaterThan(0);
    for (const line of help) expect(line.length).toBeLessThan(120);
  });

  it.each(VERBS.map(([name]) => name))('%s is understood and never guessed into another', (name) => {
    expect(understand(` ${name.toUpperCase()}  Some  thing `)).toEqual({
      kind: 'verb',
      verb: name,
      rest: 'Some  thing',
    });
  });

  it('a refusal comes with its way out', async () => {
    const room = commandedRoom();
    expect(await talker(room).types('role tech')).toContain('ben');
    room.story.does('ana', { type: 'acknowledge', ...of });
    const said = await talker(failingRoom('ben')).types('undo A99');
    expect(said).toMatch(/^refused: .*A99/);
  });
});

describe('the incident that is meant', () => {
  it('is the only one there is', async () => {
    const room = failingRoom();
    const ana = talker(room);
    await ana.types('ack');
    expect(ana.memory().incident).toBe(INCIDENT);
  });

  it('is never guessed among several', async () => {
    const room = severalRoom();
    const ana = talker(room);
    const said = await ana.types('ack');
    expect(said).toContain('say which incident first:\n  use INC-3: SEV1 ');
    expect(room.sent).toEqual([]);
    expect(await ana.types('use 2')).toContain('SEV3 INC-2: ');
    await ana.types('ack');
    expect(lastSent(room)).toEqual({ type: 'acknowledge', incident: 'INC-2026-0002' });
  });

  it('stays the one in use while others come', async () => {
    const room = failingRoom();
    const ana = talker(room);
    await ana.types('ack');
    room.story.declares(['search'], 'SEV1');
    room.changed();
    await ana.types('note still at it');
    expect(lastSent(room)).toMatchObject({ incident: INCIDENT });
  });

  it('is the one just declared', async () => {
    const room = failingRoom();
    const ana = talker(room);
    await ana.types('declare search');
    await ana.types('slow');
    expect(await ana.types('sev4')).toContain('INC-2 is the one in use now');
    await ana.types('ack');
    expect(lastSent(room)).toEqual({ type: 'acknowledge', incident: 'INC-2026-0002' });
  });

  it('may be a closed one for who looks back or reopens', async () => {
    const room = commandedRoom();
    room.story.does('ana', { type: 'resolve', ...of });
    room.story.does('ana', { type: 'close', ...of, falseAlarm: false, reason: '' as never });
    room.changed();
    const ana = talker(room);
    expect(await ana.types('ack')).toContain('there is no open incident');
    expect(await ana.types('timeline')).toContain('use INC-1');
    expect(await ana.types('use 7')).toContain('there is no incident 7');
    await ana.types('use 1');
    expect(await ana.types('timeline note')).toContain('ben note: release');
    await ana.types('reopen it is back');
    expect(lastSent(room)).toEqual({ type: 'reopen', ...of, reason: 'it is back' });
  });
});

describe('looking', () => {
  it('status tells elapsed times, each incident and each service', async () => {
    const said = await talker(containedRoom()).types('status');
    expect(said).toMatchInlineSnapshot(`
      "10:03:12 connected, 1 open incident
      SEV2 INC-1: checkout: 41 % of requests fail
        containment, for 3 min, commander ana, 1 in place, ana has it for another 29 min
      checkout: errors 2.1 %, p95 0.21 s, 309 /s, cache FAILS, http up, db up, queue unknown
      payments: errors 0.2 %, p95 0.11 s, 96 /s
      search: errors 0.2 %, p95 0.11 s, 96 /s
      vault: errors 0.2 %, p95 0.11 s, 96 /s"
    `);
  });

  it('incidents marks the one in use', async () => {
    const ana = talker(severalRoom());
    await ana.types('use 2');
    expect(await ana.types('incidents')).toMatch(/INC-2: .*, this is the one in use/);
  });

  it('timeline tells the last twenty that have every word, oldest first', async () => {
    const room = failingRoom();
    for (let count = 1; count <= 30; count++)
      room.story.does('ben', { type: 'add-note', ...of, text: `try ${count}` as never });
    room.changed();
    const ana = talker(room);
    const lines = (await ana.types('timeline')).split('\n');
    expect(lines).toHaveLength(22);
    expect(lines[0]).toMatch(/^INC-1, the last 20 of 3\d lines$/);
    expect(lines[20]).toContain('ben note: try 30');
    expect((await ana.types('timeline BEN 17')).split('\n')).toHaveLength(2);
    expect(await ana.types('timeline nowhere')).toBe('INC-1: nothing in the timeline has: nowhere');
  });

  it('status says when nothing of it is fresh', async () => {
    const room = failingRoom();
    room.connection({ name: 'stale', sinceMs: room.now() - 47_000, attempt: 4 });
    expect(await talker(room).types('status')).toContain('NOT CONNECTED, all of this is 47 s old');
  });
});
