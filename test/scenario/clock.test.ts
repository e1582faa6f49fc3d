import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, msBetween } from '../../src/incident/time.ts';
import { ID, type Story, timeline } from '../support/timeline.ts';

let story: Story;
const begin = async (): Promise<Story> => {
  story = await timeline();
  await story
    .person('ana')
    .does({ type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV1' });
  await story.at(60);
  return story;
};
afterEach(() => story.end());

const SET_BACK_SECONDS = 3_600;
/** The second of the story that the clock shows after so many real ones. */
const shown = (realSeconds: number): number => realSeconds - SET_BACK_SECONDS;
const levels = (): readonly string[] => [...new Set(Object.values(story.incident().pages).map(({ level }) => level))];

describe('a clock that is set back by an hour', () => {
  it('delays no level', async () => {
    await begin();
    story.clockJumps(-SET_BACK_SECONDS);
    await story.at(shown(14 * 60));
    expect(levels()).toEqual(['sev1/initial']);
    await story.at(shown(16 * 60));
    expect(levels()).toEqual(['sev1/initial', 'sev1/15min']);
  });

  it('delays no level when it was set while no agent ran', async () => {
    await begin();
    await story.kill();
    story.clockJumps(-SET_BACK_SECONDS);
    await story.start();
    await story.at(shown(16 * 60));
    expect(levels()).toEqual(['sev1/initial', 'sev1/15min']);
  });

  it('is noted before the agent that finds it begins', async () => {
    await begin();
    await story.kill();
    story.clockJumps(-SET_BACK_SECONDS);
    await story.start();
    const types = story
      .agent()
      .commitsAfter(0)
      ?.flatMap(({ events }) => events.map(({ type }) => type));
    expect(types?.slice(-2)).toEqual(['clock.jumped', 'agent.started']);
  });

  it('does not shorten what is decided before the clock is looked at again', async () => {
    await begin();
    story.clockJumps(-SET_BACK_SECONDS);
    await story.person('ana').does({ type: 'acknowledge', incident: ID });
    await story.at(shown(65));
    const until = story.incident().escalation?.heldBy?.until ?? '';
    expect(msBetween(story.incident().acknowledgements.ana?.at ?? '', until)).toBe(10 * MINUTE);
  });

  it('hides no new trouble of a service whose incident ended shortly before', async () => {
    await begin();
    await story.person('ana').does({ type: 'close', incident: ID, falseAlarm: true, reason: 'a test' });
    story.fails('checkout', 0);
    await story.at(90);
    story.clockJumps(-SET_BACK_SECONDS);
    await story.at(shown(95));
    story.fails('checkout', 0.6);
    await story.at(shown(120));
    expect(story.incidents()).toHaveLength(2);
  });
});

describe('a clock that is set on by an hour', () => {
  it('is a sleep: the level that is overdue is paged at once, and said to be late', async () => {
    await begin();
    story.clockJumps(HOUR / 1_000);
    await story.at(60 + 3_600 + 5);
    expect(levels().slice(0, 2)).toEqual(['sev1/initial', 'sev1/15min']);
    expect(story.incident().escalation?.levels[1]?.lateMs).toBeGreaterThan(40 * MINUTE);
  });
});
