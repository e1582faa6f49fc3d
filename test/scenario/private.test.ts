import { afterEach, expect, it } from 'vitest';
import { policy } from '../support/room.ts';
import { ID, type Story, timeline } from '../support/timeline.ts';

let story: Story;
const begin = async (its = policy): Promise<Story> => {
  story = await timeline({ policy: its });
  return story;
};
afterEach(() => story.end());

const declare = {
  type: 'declare',
  title: 'keys of the vault are out',
  services: ['checkout'],
  severity: 'SEV3',
} as const;

it('what was to be told of an incident is not told any more once it is private', async () => {
  const { at, person, pager, incident } = await begin({
    ...policy,
    channels: {},
    sinks: { news: { channel: 'webhook' } },
  });
  pager({ ok: false, reason: 'unreachable', detail: 'refused', retry: true, retryAfterMs: null }, 'news');
  await person('ana').does(declare);
  await at(1);
  const before = story.pages.length;
  await person('ana').does({ type: 'set-people', incident: ID, people: [] });
  pager({ ok: true }, 'news');
  await at(60);
  expect(story.pages.slice(before)).toEqual([]);
  expect(Object.values(incident().messages).map(({ state }) => state)).toEqual(['cancelled']);
});

it('calling a private incident a false alarm swallows no breach that everybody sees', async () => {
  const { at, person, fails, incidents } = await begin();
  await person('ana').does({ ...declare, severity: 'SEV4', people: [] });
  fails('checkout', 0.2);
  await at(5);
  await person('ana').does({ type: 'close', incident: ID, falseAlarm: true, reason: 'no harm' });
  await at(30);
  expect(incidents().filter(({ people }) => people === null)).toMatchObject([
    { severity: 'SEV2', services: ['checkout'] },
  ]);
});
