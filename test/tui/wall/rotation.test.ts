import { describe, expect, it } from 'vitest';
import type { Severity } from '../../../src/incident/words.ts';
import {
  FRONT_MS,
  type Look,
  next,
  nothingShown,
  type Rotation,
  rotate,
  TURN_MS,
  toggleHold,
} from '../../../src/tui/wall/rotation.ts';

const open = (...incidents: readonly `${string} ${Severity}`[]): Look['open'] =>
  incidents
    .map((words) => ({ id: words.split(' ')[0] ?? '', severity: words.split(' ')[1] as Severity }))
    .sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0));

type Step = readonly [atSeconds: number, open: Look['open'], shown: string | null];

/** Looks once a second in between, as the wall does. */
const follows = (steps: readonly Step[], first: Rotation = nothingShown): Rotation => {
  let rotation = first;
  let at = steps[0]?.[0] ?? 0;
  let before = steps[0]?.[1] ?? [];
  for (const [atSeconds, incidents, shown] of steps) {
    for (; at < atSeconds; at++) rotation = rotate(rotation, { open: before, atMs: at * 1_000 });
    rotation = rotate(rotation, { open: incidents, atMs: atSeconds * 1_000 });
    expect(`${atSeconds} s: ${rotation.shown}`).toBe(`${atSeconds} s: ${shown}`);
    before = incidents;
  }
  return rotation;
};

const three = open('a SEV2', 'b SEV3', 'c SEV3');

describe('the wall turns', () => {
  it('to the next open incident every 20 seconds, round and round, the most urgent first', () => {
    follows([
      [0, three, 'a'],
      [19, three, 'a'],
      [20, three, 'b'],
      [40, three, 'c'],
      [60, three, 'a'],
    ]);
  });

  it('not at all while one alone is open, and to nothing when none is', () => {
    follows([
      [0, open('a SEV2'), 'a'],
      [500, open('a SEV2'), 'a'],
      [501, [], null],
      [900, [], null],
      [901, open('b SEV4'), 'b'],
    ]);
  });

  it.each(['SEV1', 'SEV2'] as const)('at once to a new %s, which stays 30 seconds', (severity) => {
    const four = open('a SEV2', 'b SEV3', 'c SEV3', `new ${severity}`);
    const after = four[four.findIndex(({ id }) => id === 'new') + 1]?.id ?? '';
    follows([
      [0, three, 'a'],
      [20, three, 'b'],
      [25, four, 'new'],
      [54, four, 'new'],
      [55, four, after],
    ]);
  });

  it.each(['SEV3', 'SEV4'] as const)('not at once to a new %s', (severity) => {
    follows([
      [0, three, 'a'],
      [5, open('a SEV2', 'b SEV3', 'c SEV3', `new ${severity}`), 'a'],
    ]);
  });

  it('at once to one that was raised, not to one that was lowered', () => {
    follows([
      [0, three, 'a'],
      [5, open('a SEV2', 'b SEV4', 'c SEV3'), 'a'],
      [6, open('a SEV2', 'b SEV3', 'c SEV3'), 'b'],
      [35, open('a SEV2', 'b SEV3', 'c SEV3'), 'b'],
    ]);
  });

  it('over from one in front only to a graver one; its equals wait for the end of its time', () => {
    const both = open('a SEV2', 'new SEV2', 'other SEV2');
    const all = open('a SEV2', 'new SEV2', 'other SEV2', 'worst SEV1');
    follows([
      [0, open('a SEV2'), 'a'],
      [5, open('a SEV2', 'new SEV2'), 'new'],
      [10, both, 'new'],
      [12, all, 'worst'],
      [41, all, 'worst'],
      [42, all, 'other'],
      [71, all, 'other'],
      [72, all, 'worst'],
    ]);
  });

  it('away at once from one that is over', () => {
    follows([
      [0, three, 'a'],
      [20, three, 'b'],
      [22, open('a SEV2', 'c SEV3'), 'a'],
    ]);
  });

  it('to what was open at the first look without taking it for new', () => {
    const grave = open('a SEV1', 'b SEV1');
    follows([
      [0, grave, 'a'],
      [20, grave, 'b'],
    ]);
  });
});

describe('a person at the wall', () => {
  const started = rotate(nothingShown, { open: three, atMs: 0 });

  it('holds what is shown for as long as they want', () => {
    const held = toggleHold(started, 1_000);
    const later = follows([[500, three, 'a']], held);
    expect(later.isHeld).toBe(true);
    const released = toggleHold(later, 500_000);
    follows(
      [
        [519, three, 'a'],
        [520, three, 'b'],
      ],
      released,
    );
  });

  it('is not held back by a hold when something grave is declared, or what is held is over', () => {
    const held = toggleHold(started, 1_000);
    const grave = follows([[5, open('a SEV2', 'b SEV3', 'c SEV3', 'new SEV2'), 'new']], held);
    expect(grave.isHeld).toBe(false);
    const over = follows([[5, open('b SEV3', 'c SEV3'), 'b']], held);
    expect(over.isHeld).toBe(false);
  });

  it('takes the next one, which has a whole turn', () => {
    const second = next(started, { open: three, atMs: 15_000 });
    follows(
      [
        [16, three, 'b'],
        [34, three, 'b'],
        [35, three, 'c'],
      ],
      second,
    );
    expect(next(toggleHold(started, 0), { open: three, atMs: 1_000 })).toMatchObject({ shown: 'b', isHeld: true });
  });

  it('has nothing to hold and nothing to turn to while nothing is open', () => {
    expect(toggleHold(nothingShown, 0)).toBe(nothingShown);
    expect(next(nothingShown, { open: [], atMs: 0 }).shown).toBeNull();
  });
});

it('a rotation is the same object while nothing changes', () => {
  const at = (atMs: number): Look => ({ open: three, atMs });
  const first = rotate(nothingShown, at(0));
  expect(rotate(first, at(TURN_MS - 1))).toBe(first);
  const calm = rotate(nothingShown, { open: [], atMs: 0 });
  expect(rotate(calm, { open: [], atMs: 10 * FRONT_MS })).toBe(calm);
});
