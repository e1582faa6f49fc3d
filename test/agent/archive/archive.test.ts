import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Archive, openArchive } from '../../../src/agent/archive/archive.ts';
import { systemDisk } from '../../../src/agent/log/disk.ts';
import { type FileEventLog, openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { STATE_SHAPE } from '../../../src/agent/state-shape.ts';
import { safeText } from '../../../src/incident/text.ts';
import { HOUR } from '../../../src/incident/time.ts';
import { archivedIncidents, written } from '../../support/logged-room.ts';
import { type RoomUnderTest, roomUnderTest } from '../../support/room.ts';
import { temporaryDirectories } from '../log/temporary-directory.ts';

const newDirectory = temporaryDirectories();

const logs: FileEventLog[] = [];
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
});

const opened = async (directory: string, room: RoomUnderTest): Promise<Archive & { reads(): number }> => {
  const log = await openFileEventLog({ directory });
  logs.push(log);
  let reads = 0;
  const archive = openArchive({
    disk: systemDisk,
    stateDirectory: directory,
    room: room.room,
    readLog: () => {
      reads += 1;
      return log.read(1);
    },
  });
  return { ...archive, reads: () => reads };
};

const found = async (archive: Archive, words = '', person = 'ana') =>
  (await archive.cards({ words, person, limit: 200 })).cards.map(({ id }) => id);

const CARDS = `cards-${STATE_SHAPE}.jsonl`;
const [ONE, TWO, THREE] = ['INC-2026-0001', 'INC-2026-0002', 'INC-2026-0003'];

describe('the archive', () => {
  it('gives back what left the room just as it left, and lists it newest first', async () => {
    const directory = newDirectory();
    const room = roomUnderTest();
    const left = archivedIncidents(room, 3);
    await written(directory, room);
    const archive = await opened(directory, room);
    for (const incident of left) await archive.keep(incident);
    expect(await found(archive)).toEqual([THREE, TWO, ONE]);
    for (const incident of left) expect(await archive.incident(incident.id, 'ana')).toEqual(incident);
    expect(archive.reads()).toBe(0);
    expect(statSync(join(directory, 'archive', `${ONE}.json`)).mode & 0o777).toBe(0o600);
  });

  it('is searched by every word of a question', async () => {
    const directory = newDirectory();
    const room = roomUnderTest();
    archivedIncidents(room, 3);
    await written(directory, room);
    const archive = await opened(directory, room);
    expect(await found(archive, 'PAYMENTS')).toEqual([TWO]);
    expect(await found(archive, 'checkout 0003')).toEqual([THREE]);
    expect(await found(archive, 'checkout moon')).toEqual([]);
    expect(await archive.cards({ words: '', person: 'ana', limit: 2 })).toMatchObject({ total: 3, cards: [{}, {}] });
  });

  it.each([
    ['is gone', (directory: string) => rmSync(join(directory, 'archive'), { recursive: true })],
    ['has a damaged list', (directory: string) => writeFileSync(join(directory, 'archive', CARDS), '{"id":')],
    [
      'has lost a line of its list',
      (directory: string) => {
        const path = join(directory, 'archive', CARDS);
        writeFileSync(path, readFileSync(path, 'utf8').split('\n').slice(1).join('\n'));
      },
    ],
    [
      'has a damaged incident',
      (directory: string) => {
        const path = join(directory, 'archive', `${TWO}.json`);
        writeFileSync(path, readFileSync(path, 'utf8').replace('note of', 'NOTE of'));
      },
    ],
    ['has an incident cut short', (directory: string) => writeFileSync(join(directory, 'archive', `${TWO}.json`), '{')],
  ])('is made anew from the log where it %s', async (_what, damage) => {
    const directory = newDirectory();
    const room = roomUnderTest();
    const left = archivedIncidents(room, 3);
    await written(directory, room);
    const archive = await opened(directory, room);
    for (const incident of left) await archive.keep(incident);
    damage(directory);
    expect(await archive.incident(TWO ?? '', 'ana')).toEqual(left[1]);
    expect(await found(archive)).toEqual([THREE, TWO, ONE]);
    expect(archive.reads()).toBe(1);
    expect(readdirSync(join(directory, 'archive')).length).toBe(4);
  });

  it('shows a private incident only to those named', async () => {
    const directory = newDirectory();
    const room = roomUnderTest();
    room.does('ana', {
      type: 'declare',
      title: safeText('keys are out'),
      services: [safeText('vault')],
      severity: 'SEV1',
      people: [safeText('ben')],
    });
    room.does('ana', { type: 'close', incident: ONE ?? '', falseAlarm: true, reason: safeText('') });
    room.pass(25 * HOUR);
    const { seq } = room.commits().at(-1) ?? { seq: 0 };
    room.agentDoes({ type: 'archive-incident', incident: ONE ?? '', lastSeq: seq });
    await written(directory, room);
    const archive = await opened(directory, room);
    expect(await found(archive, '', 'ben')).toEqual([ONE]);
    expect(await found(archive, '', 'chris')).toEqual([]);
    expect((await archive.cards({ words: 'keys', person: 'chris', limit: 9 })).total).toBe(0);
    expect(await archive.incident(ONE ?? '', 'chris')).toBeNull();
    expect(await archive.incident(ONE ?? '', 'ben')).toMatchObject({ title: 'keys are out' });
  });

  it.each(['', '../token', 'INC-2026-0001/../../token', 'INC-2026-9999', '__proto__', 'cards'])(
    'has no incident %j',
    async (id) => {
      const directory = newDirectory();
      const room = roomUnderTest();
      archivedIncidents(room, 1);
      await written(directory, room);
      const archive = await opened(directory, room);
      expect(await archive.incident(id, 'ana')).toBeNull();
    },
  );

  it('lists no incident that was kept and then reopened', async () => {
    const directory = newDirectory();
    const room = roomUnderTest();
    room.declares();
    await written(directory, room);
    const archive = await opened(directory, room);
    await archive.keep(room.incident());
    expect(await found(archive)).toEqual([]);
    expect(archive.reads()).toBe(0);
  });
});
