import { describe, expect, it } from 'vitest';
import { goesOn, storyOf, storyWords, type WantedStory } from '../../src/demo/story.ts';

const wanted = (overrides: Partial<WantedStory>): WantedStory => ({ scenario: null, speed: null, ...overrides });

describe('what a demo plays', () => {
  it.each([
    // Eight real seconds, unless what is normal can be known within a minute.
    [{}, { scenario: 'bad-deploy', speed: 1, faultAfterSeconds: 8 }],
    [{ speed: 20 }, { scenario: 'bad-deploy', speed: 20, faultAfterSeconds: 160 }],
    [{ scenario: 'slow-database' }, { scenario: 'slow-database', speed: 1, faultAfterSeconds: 8 }],
    [
      { scenario: 'slow-database', speed: 15 },
      { scenario: 'slow-database', speed: 15, faultAfterSeconds: 120 },
    ],
    [
      { scenario: 'slow-database', speed: 16 },
      { scenario: 'slow-database', speed: 16, faultAfterSeconds: 960 },
    ],
    [
      { scenario: 'slow-database', speed: 60 },
      { scenario: 'slow-database', speed: 60, faultAfterSeconds: 960 },
    ],
    [
      { scenario: 'dependency-down', speed: 60 },
      { scenario: 'dependency-down', speed: 60, faultAfterSeconds: 480 },
    ],
  ] as const)('when %j is asked for', (asked, story) => {
    expect(storyOf(wanted(asked))).toEqual(story);
  });

  it.each([
    [{}, true],
    [{ speed: 20 }, true],
    [{ scenario: 'bad-deploy' }, true],
    [{ speed: 1 }, false],
    [{ scenario: 'slow-database' }, false],
    [{ scenario: 'slow-database', speed: 20 }, false],
  ] as const)('goes on with a bad deploy at speed 20 when %j is asked for: %s', (asked, expected) => {
    expect(goesOn(wanted(asked), { scenario: 'bad-deploy', speed: 20 })).toBe(expected);
  });

  it.each([
    [{ scenario: 'bad-deploy', speed: 1, wasFound: false }, /^bad-deploy: a release .+ instances, in 8 s$/],
    [{ scenario: 'slow-database', speed: 20, wasFound: false }, /, in 48 s; time runs 20 times as fast$/],
    [{ scenario: 'bad-deploy', speed: 20, wasFound: true }, /instances; time runs 20 times as fast$/],
    [{ scenario: null, speed: 1, wasFound: true }, /^nothing goes wrong by itself$/],
  ] as const)('%j is told in a line', (playing, words) => {
    expect(storyWords(playing)).toMatch(words);
  });
});
