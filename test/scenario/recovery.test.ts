import { afterEach, expect, it } from 'vitest';
import { alertTold, policy } from '../support/room.ts';
import { type Story, timeline } from '../support/timeline.ts';

let story: Story;
const begin = async (): Promise<Story> => {
  story = await timeline({ policy: { ...policy, channels: {} } });
  return story;
};
afterEach(() => story.end());

it('recovery is proposed once the numbers that showed the trouble are well', async () => {
  const { at, fails, incident } = await begin();
  fails('checkout', 0.41);
  await at(15);
  fails('checkout', 0.001);
  await at(100);
  expect(incident().recovery).not.toBeNull();
});

it('the time that a machine slept through is not time in which all was well', async () => {
  const { at, fails, clockJumps, incident } = await begin();
  fails('checkout', 0.41);
  await at(15);
  fails('checkout', 0.001);
  await at(20);
  clockJumps(3_600);
  await at(3_660);
  expect(incident().recovery).toBeNull();
  await at(3_700);
  expect(incident().recovery).not.toBeNull();
});

it('while an alert fires no number calls it over, and a repeat tells nothing twice', async () => {
  const { at, fails, tells, incident } = await begin();
  fails('checkout', 0.001);
  await tells(alertTold('f1'));
  for (let seconds = 10; seconds <= 200; seconds += 10) {
    await at(seconds);
    await tells(alertTold('f1'));
  }
  expect(incident().recovery).toBeNull();
  expect(incident().timeline.map(({ event }) => event.type)).not.toContain('recovery.proposed');
  await tells(alertTold('f1', { firing: false }));
  await at(300);
  expect(incident().recovery).not.toBeNull();
  await tells(alertTold('f2'));
  expect(incident().recovery).toBeNull();
});

it('above the limit that the screens draw nothing is well, baseline or not', async () => {
  const { at, fails, incident } = await begin();
  fails('checkout', 0.41);
  await at(15);
  fails('checkout', 0.043);
  await at(200);
  expect(incident().recovery).toBeNull();
});

it('what no number ever showed is over when a person says so', async () => {
  const { at, fails, person, incident } = await begin();
  fails('payments', 0.002);
  await person('ana').does({ type: 'declare', title: 'cards are refused', services: ['payments'], severity: 'SEV1' });
  await at(200);
  expect(incident().recovery).toBeNull();
});
