import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/incident/text.ts';
import { contain } from '../support/room.ts';
import { watchStory } from './watch-story.ts';

describe('a watchdog on an agent that was heard', () => {
  it('says nothing while all is well', () => {
    const story = watchStory();
    story.room.declares(['checkout'], 'SEV1');
    story.isWell(7_200);
    expect(story.said).toEqual([]);
  });

  it('pages after the silence it was told, once, and again only after the interval', () => {
    const story = watchStory();
    story.isWell(10);
    story.isSilent(330);
    expect(story.texts()).toEqual([
      '41: NO WORD FROM THE AGENT at ops1 for 31 s, since 10:00:10 UTC. No incident was open when it was last heard.',
    ]);
    story.isSilent(2);
    expect(story.said.map(({ at, saying }) => [at, saying.round])).toEqual([
      [41, 1],
      [341, 2],
    ]);
    expect(story.said[1]?.text).toMatch(/^STILL NO WORD FROM THE AGENT at ops1 for 5 min, since 10:00:10 UTC\./);
  });

  it('names what was due and nobody was paged for, what comes next, and by whom it is awaited', () => {
    const story = watchStory();
    story.room.declares(['checkout'], 'SEV1');
    story.isWell(880);
    story.isSilent(60);
    expect(story.texts()).toEqual([
      '911: NO WORD FROM THE AGENT at ops1 for 31 s, since 10:14:40 UTC. SEV1 INC-2026-0001 checkout fails: level 15min (engineering-manager) was due 11 s ago and nobody was paged; 3 pages may not be out; level 30min (vp-engineering) falls due in 14 min.',
    ]);
    expect(story.said[0]?.saying.isUrgent).toBe(true);
  });

  it('pages everybody at once when a level comes due in the silence, each level once', () => {
    const story = watchStory();
    story.room.declares(['checkout'], 'SEV1');
    story.isWell(800);
    story.isSilent(1_100);
    expect(story.said.map(({ at, saying }) => [at, saying.round, saying.isUrgent])).toEqual([
      [831, 1, false],
      [900, 2, true],
      [1200, 3, true],
      [1500, 4, true],
      [1800, 5, true],
    ]);
    expect(story.said[1]?.text).toContain('level 15min (engineering-manager) was due 0 s ago and nobody was paged');
    expect(story.said[4]?.text).toContain('level 30min (vp-engineering) was due 0 s ago and nobody was paged');
  });

  it('says when the time of whoever has it runs out, and which containment stays', () => {
    const story = watchStory();
    story.room.declares(['checkout'], 'SEV1');
    story.isWell(10);
    contain(story.room);
    story.room.does('ana', { type: 'acknowledge', incident: safeText('INC-2026-0001') });
    story.isWell(1);
    story.isSilent(31);
    expect(story.said[0]?.text).toContain('ana has it, which runs out in 9 min');
    story.isSilent(3_600);
    expect(story.said.at(-1)?.text).toMatch(/the time of ana ran out \d+ min ago and nobody was paged/);
    expect(story.said.at(-1)?.text).toMatch(
      /A1 circuit-breaker on checkout was to be taken back \d+ s? ?(min )?ago and is in place/,
    );
  });

  it('says the worst incidents first, and how many it left out', () => {
    const story = watchStory();
    for (let count = 0; count < 12; count += 1)
      story.room.declares(
        [['checkout', 'payments', 'search', 'vault'][count % 4] ?? ''],
        count === 7 ? 'SEV1' : 'SEV3',
      );
    story.isWell(1);
    story.isSilent(31);
    const text = story.said[0]?.text ?? '';
    expect(text).toMatch(/UTC\. SEV1 INC-2026-0008 /);
    expect(text).toMatch(/ And \d+ more open incidents\.$/);
    expect(text.length).toBeLessThanOrEqual(500);
  });

  it('says once that it is back, for how long it was gone, and what is open', () => {
    const story = watchStory();
    story.isWell(10);
    story.isSilent(100);
    story.room.declares(['checkout'], 'SEV2');
    story.isWell(100);
    expect(story.said.map(({ saying }) => saying.about)).toEqual(['silent', 'over']);
    expect(story.said[1]?.text).toBe(
      'The agent at ops1 answers again, after 101 s without a word. Open: INC-2026-0001.',
    );
  });

  it('takes a short absence, such as a restart, for what it is', () => {
    const story = watchStory();
    for (let count = 0; count < 10; count += 1) {
      story.isWell(10);
      story.isSilent(29);
    }
    story.isWell(1);
    expect(story.said).toEqual([]);
  });
});

describe('a watchdog that never reached an agent', () => {
  it('pages all the same, and says why it could not, where it knows', () => {
    const story = watchStory();
    story.isSilent(40, 'there is no token in /x');
    expect(story.texts()).toEqual([
      '31: NO AGENT at ops1: the watchdog has not reached it for 30 s, since 09:59:54 UTC (there is no token in /x). Nothing is known of open incidents.',
    ]);
  });
});

describe('what is not the silence of the agent', () => {
  it('is a pause of the watchdog: it looks again first', () => {
    const story = watchStory();
    story.isWell(10);
    story.isPaused(8 * 3_600);
    // The connection has to be made anew.
    story.isSilent(20);
    story.isWell(10);
    expect(story.said).toEqual([]);
  });

  it('is a pause in the middle of looking: it looks again as long as ever', () => {
    const story = watchStory();
    story.isWell(10);
    story.isSilent(25);
    story.isPaused(600);
    story.isSilent(29);
    expect(story.said).toEqual([]);
    story.isSilent(3);
    expect(story.said).toHaveLength(1);
  });

  it.each([3_600_000, -3_600_000, 86_400_000 * 400])('is a clock of its own set by %d ms', (byMs) => {
    const story = watchStory();
    story.isWell(10);
    story.setsItsClock(byMs);
    story.isWell(100);
    expect(story.said).toEqual([]);
    story.isSilent(31);
    story.setsItsClock(-byMs);
    story.isSilent(270);
    expect(story.said.map(({ at }) => at)).toEqual([141]);
    expect(story.said[0]?.text).toContain('for 31 s, since 10:01:50 UTC');
  });
});

describe('a watchdog that is restarted', () => {
  it('does not page again for the same silence before the interval is over', () => {
    const story = watchStory();
    story.isWell(10);
    story.isSilent(40);
    story.restarts();
    story.isSilent(280);
    expect(story.said).toHaveLength(1);
    story.isSilent(20);
    expect(story.said.map(({ at, saying }) => [at, saying.round])).toEqual([
      [41, 1],
      [341, 2],
    ]);
    expect(story.said[1]?.text).toContain('since 10:00:10 UTC');
  });

  it('waits no longer than the interval, however its clock was set meanwhile', () => {
    const story = watchStory();
    story.isWell(10);
    story.isSilent(40);
    story.setsItsClock(-86_400_000);
    story.restarts();
    story.isSilent(305);
    expect(story.said).toHaveLength(2);
  });

  it('knows the incidents it heard of before, and gives the all clear for what it told before', () => {
    const story = watchStory();
    story.room.declares(['checkout'], 'SEV2');
    story.isWell(10);
    story.restarts();
    story.isSilent(31);
    expect(story.said[0]?.text).toContain('SEV2 INC-2026-0001 checkout fails');
    story.restarts();
    story.isWell(1);
    expect(story.said.map(({ saying }) => saying.about)).toEqual(['silent', 'over']);
  });
});

describe('other trouble', () => {
  it('a refusal is told at once and again after the interval', () => {
    const story = watchStory();
    story.isWell(10);
    story.refuses(305);
    expect(story.said.map(({ at }) => at)).toEqual([11, 311]);
    expect(story.said[0]?.text).toBe(
      'THE AGENT at ops1 REFUSES THE WATCHDOG: the token is not accepted. Nobody watches it until that is put right.',
    );
    story.isWell(1);
    expect(story.said.at(-1)?.text).toMatch(/^The agent at ops1 takes the watchdog again/);
  });

  it('a read-only agent is told once it lasts, once only, and so is its end', () => {
    const story = watchStory();
    story.isWell(10);
    story.isReadOnly(5);
    story.isWell(10);
    story.isReadOnly(2_000);
    story.isWell(100);
    expect(story.texts()).toEqual([
      '56: THE AGENT at ops1 IS READ-ONLY for 30 s, since 10:00:26 UTC: its log takes no writes. It goes on watching and paging, unrecorded. Make room on its disk.',
      '2026: The log of the agent at ops1 takes writes again, after 33 min. No incident is open.',
    ]);
  });

  it('a silent agent that comes back read-only is told so at once', () => {
    const story = watchStory();
    story.isWell(10);
    story.isSilent(40);
    story.isReadOnly(1);
    expect(story.said.map(({ saying }) => saying.about)).toEqual(['silent', 'read-only']);
  });

  it('an agent that answers and lets a level pass is told like a silent one, to everybody', () => {
    const story = watchStory();
    story.room.declares(['checkout'], 'SEV1');
    story.isWell(890);
    story.isStuck(100);
    expect(story.texts()).toEqual([
      '960: THE AGENT at ops1 IS UP AND DOES NOT ACT. SEV1 INC-2026-0001 checkout fails: level 15min (engineering-manager) was due 60 s ago and nobody was paged; 3 pages may not be out; level 30min (vp-engineering) falls due in 14 min.',
    ]);
    expect(story.said[0]?.saying.isUrgent).toBe(true);
    story.isWell(1);
    expect(story.said.at(-1)?.text).toMatch(/^The agent at ops1 acts again/);
  });

  it('tries again soon while nobody can be reached, and widens the circle', () => {
    const story = watchStory();
    story.isWell(10);
    story.reachesPeople(false);
    story.isSilent(65);
    expect(story.said.map(({ at, saying }) => [at, saying.round])).toEqual([
      [41, 1],
      [56, 2],
      [71, 3],
    ]);
    story.reachesPeople(true);
    story.isSilent(300);
    expect(story.said.map(({ at }) => at).slice(3)).toEqual([86]);
  });
});
