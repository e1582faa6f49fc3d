import { afterEach, describe, expect, it } from 'vitest';
import type { NotifyResult } from '../../src/agent/notifiers/notifier.ts';
import type { Policy } from '../../src/incident/policies/policy.ts';
import { policy } from '../support/room.ts';
import { ID, type Story, timeline } from '../support/timeline.ts';

let story: Story;
const begin = async (its: Partial<Policy> = {}): Promise<Story> => {
  const sinks = { slack: { channel: 'webhook' }, mail: { channel: 'webhook' } };
  story = await timeline({ policy: { ...policy, channels: {}, sinks, ...its } });
  return story;
};
afterEach(() => story.end());

const declare = { type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV3' } as const;
const resolve = { type: 'resolve', incident: ID } as const;
const down: NotifyResult = { ok: false, reason: 'unreachable', detail: 'refused', retry: true, retryAfterMs: null };

/** When which news went out to a sink, tries included. */
const heard = (sink: string): string[] =>
  story.pages
    .filter(({ to }) => to === sink)
    .map(({ atSeconds, page, possibleDuplicate }) => {
      const about = story.incident(page.split('/')[0]).messages[page]?.about;
      return `${atSeconds} ${about}${possibleDuplicate ? ' possible duplicate' : ''}`;
    });
const states = () =>
  Object.values(story.incident().messages).map(({ sink, about, state }) => `${sink} ${about} ${state}`);

describe('a sink', () => {
  it('hears each news once, in order', async () => {
    const { at, person } = await begin();
    await person('ana').does(declare);
    await person('ana').does({ type: 'set-severity', incident: ID, severity: 'SEV1', reason: '' });
    await person('ana').does(resolve);
    await at(400);
    for (const sink of ['slack', 'mail']) expect(heard(sink)).toEqual(['0 declared', '0 severity', '0 resolved']);
    expect(story.pages.filter(({ to }) => to === 'mail').map(({ text }) => text)).toEqual([
      'SEV3 INC-2026-0001 declared by ana: checkout fails (checkout)',
      'INC-2026-0001 is SEV1 now, was SEV3: checkout fails',
      'SEV1 INC-2026-0001 resolved by ana: checkout fails',
    ]);
    expect(states().every((state) => state.endsWith(' sent'))).toBe(true);
  });

  it('that hears late is told of when the news is', async () => {
    const { at, person, pager } = await begin();
    pager(down, 'slack');
    await person('ana').does(declare);
    await at(30);
    pager({ ok: true }, 'slack');
    await at(400);
    const texts = (sink: string) => story.pages.filter(({ to }) => to === sink).map(({ text }) => text);
    expect(texts('mail')).toEqual(['SEV3 INC-2026-0001 declared by ana: checkout fails (checkout)']);
    expect(texts('slack').at(-1)).toMatch(/declared by ana: checkout fails \(checkout\) \(as of \d\d:\d\d:\d\d UTC\)$/);
  });

  it('that fails is tried again ever later, its later news wait, and other sinks go on', async () => {
    const { at, person, pager } = await begin();
    pager(down, 'slack');
    await person('ana').does(declare);
    await at(1);
    await person('ana').does(resolve);
    await at(30);
    expect(heard('mail')).toEqual(['0 declared', '1 resolved']);
    expect(heard('slack')).toEqual(['0 declared', '2 declared', '7 declared', '22 declared']);
    expect(states()).toEqual([
      'slack declared retrying',
      'mail declared sent',
      'slack resolved pending',
      'mail resolved sent',
    ]);
    pager({ ok: true }, 'slack');
    await at(83);
    expect(heard('slack').slice(4)).toEqual(['82 declared', '82 resolved']);
  });

  it('that fails for good loses that one news and hears the next', async () => {
    const { at, person, pager } = await begin();
    pager(down, 'slack');
    await person('ana').does(declare);
    await person('ana').does(resolve);
    await at(384);
    expect(states().slice(0, 3)).toEqual(['slack declared failed', 'mail declared sent', 'slack resolved retrying']);
    expect(heard('slack').filter((news) => news.endsWith('declared'))).toHaveLength(6);
    expect(heard('slack').filter((news) => news.endsWith('resolved'))).toHaveLength(2);
  });

  it.each([
    ['a longer wait than ours is kept to', 10_000, ['0 declared', '10 declared']],
    ['a shorter one is not', 500, ['0 declared', '2 declared']],
  ])('that says when to come again: %s', async (_what, retryAfterMs, times) => {
    const { at, person, pager } = await begin();
    pager({ ok: false, reason: 'rate-limited', detail: '429', retry: true, retryAfterMs }, 'slack');
    await person('ana').does(declare);
    await at(1);
    pager({ ok: true }, 'slack');
    await at(15);
    expect(heard('slack')).toEqual(times);
  });

  it('that refuses is not asked again', async () => {
    const { at, person, pager } = await begin();
    pager({ ok: false, reason: 'rejected', detail: '404 no_team', retry: false, retryAfterMs: null }, 'slack');
    await person('ana').does(declare);
    await person('ana').does(resolve);
    await at(60);
    expect(heard('slack')).toEqual(['0 declared', '0 resolved']);
    expect(Object.values(story.incident().messages)[0]).toMatchObject({
      state: 'failed',
      reason: 'rejected: 404 no_team',
    });
  });

  it('whose answer a crash hid hears it once more, as a possible duplicate, and then the rest', async () => {
    const { at, person, pager, kill, start } = await begin();
    pager('hang', 'slack');
    await person('ana').does(declare);
    await at(1);
    expect(heard('slack')).toEqual(['0 declared']);
    await kill();
    pager({ ok: true }, 'slack');
    await at(5);
    await start();
    await at(6);
    await person('ana').does(resolve);
    await at(60);
    expect(heard('slack')).toEqual(['0 declared', '5 declared possible duplicate', '6 resolved']);
    expect(heard('mail')).toEqual(['0 declared', '6 resolved']);
  });

  it('is told of the possible duplicate also where the clock was set back before the agent came again', async () => {
    const { at, person, pager, kill, start, clockJumps } = await begin();
    pager('hang', 'slack');
    await person('ana').does(declare);
    await at(10);
    await kill();
    pager({ ok: true }, 'slack');
    clockJumps(-3_600);
    await start();
    await at(-3_580);
    expect(heard('slack')).toEqual(['0 declared', '-3590 declared possible duplicate']);
  });

  it('once in doubt stays in doubt, whatever a later try is answered', async () => {
    const { at, person, pager } = await begin();
    pager({ ...down, mayHaveArrived: true }, 'slack');
    await person('ana').does(declare);
    await at(1);
    pager({ ok: false, reason: 'rate-limited', detail: '429', retry: true, retryAfterMs: 1_000 }, 'slack');
    await at(3);
    pager({ ok: true }, 'slack');
    await at(60);
    expect(heard('slack').slice(0, 3)).toEqual([
      '0 declared',
      '2 declared possible duplicate',
      '7 declared possible duplicate',
    ]);
  });

  it('hears of many incidents one after the other, and all of them wait when it asks for it', async () => {
    const { at, person, pager } = await begin();
    pager({ ok: false, reason: 'rate-limited', detail: '429', retry: true, retryAfterMs: 30_000 }, 'slack');
    for (let index = 0; index < 40; index++) await person('ana').does({ ...declare, title: `trouble ${index}` });
    await at(20);
    expect(heard('slack')).toHaveLength(1);
    expect(heard('mail')).toHaveLength(40);
    pager({ ok: true }, 'slack');
    await at(200);
    expect(new Set(story.pages.filter(({ to }) => to === 'slack').map(({ page }) => page)).size).toBe(40);
    expect(heard('slack')).toHaveLength(41);
  });

  it('that works again is told at once what failed before, not after the whole wait', async () => {
    const { at, person, pager } = await begin();
    pager(down, 'slack');
    await person('ana').does(declare);
    await at(90);
    pager({ ok: true }, 'slack');
    await person('ana').does({ ...declare, services: ['search'] });
    await at(92);
    expect(Object.values(story.incident().messages)[0]).toMatchObject({ sink: 'slack', state: 'sent' });
  });

  it('that hangs holds up nobody else', async () => {
    const { at, person, pager } = await begin();
    pager('hang', 'slack');
    await person('ana').does(declare);
    await person('ana').does(resolve);
    await at(5);
    expect(heard('slack')).toEqual(['0 declared']);
    expect(heard('mail')).toEqual(['0 declared', '0 resolved']);
  });

  it('of an incident is not held up by what another incident waits for', async () => {
    const { at, person, pager } = await begin();
    pager(down, 'slack');
    await person('ana').does(declare);
    await at(1);
    pager({ ok: true }, 'slack');
    await person('ana').does({ ...declare, services: ['search'] });
    await at(1);
    expect(story.incident('INC-2026-0002').messages).toMatchObject({
      'INC-2026-0002/M1/slack': { state: 'sent' },
      'INC-2026-0002/M2/mail': { state: 'sent' },
    });
  });

  it('hears what was decided while the disk was full, once it has room', async () => {
    const { at, person, diskIsFull } = await begin();
    await person('ana').does(declare);
    await at(1);
    diskIsFull(true);
    expect(await person('ana').does(resolve)).toMatchObject({ ok: false });
    await at(10);
    diskIsFull(false);
    await at(15);
    await person('ana').does(resolve);
    await at(16);
    expect(heard('slack')).toEqual(['0 declared', '15 resolved']);
  });
});

describe('a test of a contact', () => {
  const channels = { chris: ['webhook', 'log'], ben: ['webhook'] };
  const test = (contact: string, channel: string | null = null) =>
    ({ type: 'test-contact', contact, channel }) as const;
  const tests = () =>
    Object.values(story.room().tests).map(({ contact, channel, by, state, tries }) => ({
      contact,
      channel,
      by,
      state,
      tries,
    }));

  it('tries each channel of theirs, or the one that is asked for, and records what came of it', async () => {
    const { at, person, pager } = await begin({ channels });
    expect(await person('ana').does(test('chris'))).toMatchObject({ ok: true, subject: 'T1' });
    pager({ ok: false, reason: 'rejected', detail: '404', retry: false, retryAfterMs: null }, 'ben');
    await person('ana').does(test('ben', 'webhook'));
    await at(1);
    expect(tests()).toEqual([
      { contact: 'chris', channel: 'webhook', by: 'ana', state: 'sent', tries: 1 },
      { contact: 'chris', channel: 'log', by: 'ana', state: 'sent', tries: 1 },
      { contact: 'ben', channel: 'webhook', by: 'ana', state: 'failed', tries: 1 },
    ]);
    expect(story.pages.map(({ kind, to }) => `${kind} ${to}`)).toEqual(['test chris', 'test ben']);
    expect(story.pages[0]?.text).toBe(
      'Test of chris by webhook, asked for by ana: nothing is wrong, nothing is to be done.',
    );
    expect(story.incidents()).toEqual([]);
  });

  it('is tried once more, soon, and then it has failed: somebody waits', async () => {
    const { at, person, pager } = await begin({ channels });
    pager(down);
    await person('ana').does(test('ben'));
    await at(10);
    expect(story.pages.map(({ atSeconds }) => atSeconds)).toEqual([0, 2]);
    expect(tests()).toMatchObject([{ state: 'failed', tries: 2 }]);
  });

  it.each([
    [test('nobody'), { message: 'there is no contact nobody', remedy: 'contacts: chris, ben' }],
    [test('constructor'), { message: 'there is no contact constructor' }],
    [test('ben', 'slack'), { message: 'ben is not reached by slack', remedy: 'by: webhook' }],
  ])('is refused for whom or what is not there: %j', async (command, refusal) => {
    const { person } = await begin({ channels });
    expect(await person('ana').does(command)).toMatchObject({
      ok: false,
      refusal: { reason: 'no-such-contact', ...refusal },
    });
    expect(tests()).toEqual([]);
  });

  it('that a crash cut off is sent again, as a possible duplicate', async () => {
    const { at, person, pager, kill, start } = await begin({ channels });
    pager('hang');
    await person('ana').does(test('ben'));
    await at(1);
    await kill();
    pager({ ok: true });
    await start();
    await at(2);
    expect(story.pages.map(({ possibleDuplicate }) => possibleDuplicate)).toEqual([false, true]);
  });

  it('is remembered among the last twenty', async () => {
    const { person } = await begin({ channels: { ben: ['log'] } });
    for (let times = 0; times < 25; times++) await person('ana').does(test('ben'));
    expect(Object.keys(story.room().tests)).toHaveLength(20);
    expect(Object.keys(story.room().tests).at(-1)).toBe('T25');
  });
});
