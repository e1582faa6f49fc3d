import { afterEach, expect, it } from 'vitest';
import type { Policy } from '../../src/incident/policies/policy.ts';
import { policy } from '../support/room.ts';
import { type Story, timeline } from '../support/timeline.ts';

let story: Story;
let current: Policy;
afterEach(() => story.end());

const begin = async (): Promise<Story> => {
  current = policy;
  story = await timeline({
    get policy() {
      return current;
    },
  });
  return story;
};

const { checkout: _, ...others } = policy.services;
const withoutCheckout: Policy = { ...policy, services: others };

it('a service that the configuration has no more is not taken for recovered', async () => {
  const { at, fails, forget, incident } = await begin();
  fails('checkout', 0.41);
  await at(15);
  fails('checkout', 0.001);
  await at(30);
  current = withoutCheckout;
  forget('checkout');
  await at(200);
  expect(incident()).toMatchObject({ phase: 'triage', recovery: null });
});

it('a service that comes back is watched from the beginning', async () => {
  const { at, fails, forget, incidents, incident } = await begin();
  fails('search', 0.001);
  fails('checkout', 0.41);
  await at(8);
  expect(incidents()).toEqual([]);
  current = withoutCheckout;
  forget('checkout');
  await at(20);
  expect(incidents()).toEqual([]);
  current = policy;
  fails('checkout', 0.41);
  await at(28);
  expect(incidents()).toEqual([]);
  await at(33);
  expect(incident().services).toEqual(['checkout']);
});

it('a running ladder is not changed by another one in the configuration', async () => {
  const { at, person, incident } = await begin();
  await person('ana').does({ type: 'declare', title: 'x', services: ['checkout'], severity: 'SEV1' });
  const before = incident().escalation?.levels.map(({ level, dueAt }) => `${level} ${dueAt}`);
  current = { ...policy, ladders: {}, channels: {}, severities: { ...policy.severities, rules: [] } };
  await at(2);
  expect(incident().escalation?.levels.map(({ level, dueAt }) => `${level} ${dueAt}`)).toEqual(before);
  await at(15 * 60 + 1);
  expect(incident().escalation?.levels[1]).toMatchObject({
    level: 'sev1/15min',
    reachedAt: '2026-11-23T10:15:00.000Z',
  });
});
