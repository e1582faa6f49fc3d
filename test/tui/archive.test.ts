import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR } from '../../src/incident/time.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { calmRoom } from '../support/rooms-to-look-at.ts';
import { named, seatIn } from '../support/seat.ts';

/** A room with one open incident, and as many archived ones as told. */
const roomWithArchive = (archived: number): FakeRoom => {
  const room = calmRoom();
  const { story } = room;
  const declare = (title: string): void =>
    void story.does('ben', {
      type: 'declare',
      title: safeText(title),
      services: [safeText('search')],
      severity: 'SEV3',
    });
  for (let number = 1; number <= archived; number++) {
    const incident = `INC-2026-000${number}`;
    declare(`search failed, time ${number}`);
    story.does('dora', { type: 'claim-role', incident, role: 'commander' });
    story.does('dora', { type: 'resolve', incident });
    story.does('dora', { type: 'close', incident, falseAlarm: false, reason: safeText('') });
    room.archived.unshift(story.incident(incident) as Incident);
    story.pass(30 * HOUR);
    const lastSeq = story.incident(incident).timeline.at(-1)?.seq ?? 0;
    story.agentDoes({ type: 'archive-incident', incident, lastSeq });
  }
  declare('search fails again');
  room.changed();
  return room;
};

describe('the archive, in the list of incidents', () => {
  it('is asked when the list is opened, and shown below the room as closed', async () => {
    const seat = seatIn(roomWithArchive(2));
    seat.press('i');
    expect(seat.questions).toEqual([{ about: 'archive', words: '', limit: 200 }]);
    expect(seat.text()).toContain('INCIDENTS 1 open one of 3, looking in the archive');
    await seat.archiveAnswers();
    const lines = seat
      .text()
      .split('\n')
      .filter((line) => /INC-\d+ +search/.test(line));
    expect(lines.map((line) => /INC-\d+/.exec(line)?.[0])).toEqual(['INC-3', 'INC-2', 'INC-1']);
    expect(lines[1]).toMatch(/closed +dora/);
    expect(seat.text()).not.toContain('looking in the archive');
  });

  it('can be looked at in a room whose incidents have all left it', async () => {
    const room = roomWithArchive(1);
    room.story.does('ben', { type: 'close', incident: 'INC-2026-0002', falseAlarm: true, reason: safeText('a test') });
    room.story.pass(30 * HOUR);
    const lastSeq = room.story.incident('INC-2026-0002').timeline.at(-1)?.seq ?? 0;
    room.story.agentDoes({ type: 'archive-incident', incident: 'INC-2026-0002', lastSeq });
    room.changed();
    const seat = seatIn(room);
    seat.press('i');
    await seat.archiveAnswers();
    expect(seat.text()).toContain('search failed, time 1');
  });

  it('is not asked where nothing ever left the room', () => {
    const seat = seatIn(roomWithArchive(0));
    seat.press('i');
    expect(seat.questions).toEqual([]);
  });

  it('is asked once at a time, whatever is typed meanwhile, and for the latest words then', async () => {
    const seat = seatIn(roomWithArchive(2));
    seat.press('i', '/');
    seat.types('0001');
    expect(seat.questions).toHaveLength(1);
    await seat.archiveAnswers();
    expect(seat.questions.at(-1)).toEqual({ about: 'archive', words: '0001', limit: 200 });
    await seat.archiveAnswers();
    expect(seat.questions).toHaveLength(2);
    expect(seat.text()).toContain('search failed, time 1');
    expect(seat.text()).not.toContain('search failed, time 2');
  });

  it('says why it cannot be searched, and does not ask for ever', async () => {
    const seat = seatIn(roomWithArchive(2));
    seat.press('i');
    await seat.archiveAnswers('the agent did not answer');
    expect(seat.text()).toContain('no archive: the agent did not answer');
    expect(seat.questions).toHaveLength(1);
  });

  it('opens one of its incidents, which is shown like any other', async () => {
    const seat = seatIn(roomWithArchive(2));
    seat.press('i');
    await seat.archiveAnswers();
    seat.press(named('end'), named('enter'));
    expect(seat.notice()).toBe('reading INC-2026-0001 from the archive');
    await seat.archiveAnswers();
    expect(seat.where()).toBe('room');
    expect(seat.text()).toContain('search failed, time 1');
    seat.press('t');
    expect(seat.text()).toContain('closed');
  });

  it('says so where one is not there any more', async () => {
    const room = roomWithArchive(1);
    const seat = seatIn(room);
    seat.press('i');
    await seat.archiveAnswers();
    room.archived.splice(0);
    seat.press(named('end'), named('enter'));
    await seat.archiveAnswers();
    expect(seat.notice()).toBe('INC-2026-0001 is not in the archive');
    expect(seat.where()).toBe('incidents');
  });
});
