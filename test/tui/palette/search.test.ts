import { describe, expect, it } from 'vitest';
import { safeText } from '../../../src/incident/text.ts';
import { paletteCommands } from '../../../src/tui/palette/commands.ts';
import { search } from '../../../src/tui/palette/search.ts';
import { initialUi, keySituation } from '../../../src/tui/ui.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import { calmRoom, INCIDENT, severalRoom } from '../../support/rooms-to-look-at.ts';

const found = (typed: string, room: FakeRoom = severalRoom()) =>
  search(
    typed,
    paletteCommands(keySituation({ ...initialUi, incident: INCIDENT }, { view: room.view(), now: room.now() })),
  );

const wordsOf = (typed: string, room?: FakeRoom): readonly string[] => found(typed, room).map(({ words }) => words);

describe('searching among all commands', () => {
  it.each([
    ['ack', 'acknowledge'],
    ['ACK', 'acknowledge'],
    ['  ack ', 'acknowledge'],
    ['cont circ', 'contain circuit-breaker on checkout'],
    ['circ', 'contain circuit-breaker on checkout'],
    ['sev1', 'severity SEV1'],
    ['sev', 'severity'],
    ['role', 'roles'],
    ['timel', 'timeline'],
    ['mit', 'phase mitigation'],
    ['scribe', 'take Scribe'],
    ['duties', 'roles and duties'],
    ['INC-2026-0002', 'open INC-2026-0002 search: 41 % of requests fail'],
    ['inc-2', 'open INC-2026-0002 search: 41 % of requests fail'],
    ['0003', 'open INC-2026-0003 vault: 41 % of requests fail'],
    ['vault', 'open INC-2026-0003 vault: 41 % of requests fail'],
  ])('%o means first of all %o', (typed, expected) => {
    expect(wordsOf(typed)[0]).toBe(expected);
  });

  it('finds by what a command does, after those whose own words match', () => {
    expect(wordsOf('mute')).toContain('silences');
    const sev1 = wordsOf('sev1');
    expect(sev1.indexOf('severity SEV1')).toBeLessThan(sev1.indexOf('open INC-2026-0003 vault: 41 % of requests fail'));
  });

  it('finds nothing for nonsense, and takes no pattern for one', () => {
    for (const typed of ['xyzzy', '.*', '(', '\\', '[a-z]', '\u0000']) expect(wordsOf(typed)).toEqual([]);
  });

  it('offers everything before anything is typed, first what is possible', () => {
    const all = found('');
    const firstImpossible = all.findIndex(({ disabledReason }) => disabledReason !== null);
    expect(firstImpossible).toBeGreaterThan(10);
    expect(all.slice(firstImpossible).every(({ disabledReason }) => disabledReason !== null)).toBe(true);
  });

  it('keeps what is not possible, with the reason, behind what is', () => {
    const take = found('take').filter(({ words }) => words.startsWith('take '));
    expect(take.map(({ disabledReason }) => disabledReason !== null)).toEqual([false, false, true, true]);
    expect(take.at(-1)?.disabledReason).toMatch(/gives it up first/);
    const [acknowledge] = found('ack', calmRoom());
    expect(acknowledge).toMatchObject({
      words: 'acknowledge',
      disabledReason: 'there is no incident: declare one with d',
    });
  });

  it('searches hostile titles as the plain text they are', () => {
    const room = severalRoom();
    room.story.does('ben', {
      type: 'retitle',
      incident: INCIDENT,
      title: safeText('\u001b[2J(((\u202e$^ 火事 acknowledge'),
    });
    room.changed();
    expect(wordsOf('火事', room)[0]).toBe('open INC-2026-0001 (((\u0024^ 火事 acknowledge');
    expect(wordsOf('ack', room)[0]).toBe('acknowledge');
    expect(wordsOf('(((', room)).toHaveLength(1);
  });
});
