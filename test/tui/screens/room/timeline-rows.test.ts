import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../../src/incident/state.ts';
import { plainText } from '../../../../src/tui/row.ts';
import { timelineEntryRows, timelineRows } from '../../../../src/tui/screens/room/timeline-rows.ts';
import type { Timeline, TimelineLine } from '../../../../src/tui/screens/room/view-model.ts';

const WIDTH = 60;
const HEIGHT = 10;

/** Facts of one to four rows each. */
const storyOf = (count: number) => {
  const facts = Array.from({ length: count }, (_, seq) => ({ seq }) as TimelineEntry);
  const asked: number[] = [];
  const lineOf = ({ seq }: TimelineEntry): TimelineLine => {
    asked.push(seq);
    return { time: '10:00:00', who: 'ana', text: `${seq} ${'word '.repeat((seq * 7) % 40)}`, isPerson: true };
  };
  const timeline: Timeline = { facts: () => facts, lineOf };
  const all = facts.flatMap((fact) => timelineEntryRows(lineOf(fact), WIDTH)).map(plainText);
  asked.length = 0;
  return { timeline, all, asked };
};

const shown = (timeline: Timeline, scroll: number) => {
  const { rows, ...rest } = timelineRows(timeline, scroll, { width: WIDTH, height: HEIGHT });
  return { rows: rows.map(plainText), ...rest };
};

describe('the timeline of the room', () => {
  it.each([0, 1, 2, 3, 9, 10, 57])('shows the rows from %i on', (scroll) => {
    const { timeline, all } = storyOf(60);
    // Twice: what lies above the window was drawn before, or was not.
    for (const _ of ['first', 'again'])
      expect(shown(timeline, scroll)).toMatchObject({ rows: all.slice(scroll, scroll + HEIGHT), scroll });
  });

  it.each([
    ['longer than the window', 60],
    ['shorter than the window', 2],
    ['empty', 0],
  ])('ends with its last row where it is %s', (_how, count) => {
    const { timeline, all } = storyOf(count);
    const end = Math.max(0, all.length - HEIGHT);
    expect(shown(timeline, 10_000)).toEqual({ rows: all.slice(end), maxScroll: end, scroll: end });
  });

  it('asks for the words of what is in view alone, once what is above was drawn', () => {
    const { timeline, asked } = storyOf(5_000);
    shown(timeline, 0);
    expect(asked.length).toBeLessThanOrEqual(HEIGHT);
    shown(timeline, 3_000);
    asked.length = 0;
    shown(timeline, 3_000);
    expect(asked.length).toBeLessThanOrEqual(HEIGHT + 1);
  });

  it('can be scrolled on, as far as it goes', () => {
    const { timeline, all } = storyOf(2_000);
    let { scroll, maxScroll } = shown(timeline, 0);
    while (scroll < maxScroll) ({ scroll, maxScroll } = shown(timeline, maxScroll));
    expect(scroll).toBe(all.length - HEIGHT);
  });
});
