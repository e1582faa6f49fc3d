import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/incident/time.ts';
import { alertTold, policy } from '../support/room.ts';
import { ID, type Story, timeline } from '../support/timeline.ts';

let story: Story;
const begin = async (its: Parameters<typeof timeline>[0] = {}): Promise<Story> => {
  story = await timeline(its);
  return story;
};
afterEach(() => story.end());

const silence = (services: readonly string[], seconds = 60, startsInSeconds = 0) =>
  ({
    type: 'silence',
    services: [...services],
    startsInMs: startsInSeconds * 1_000,
    forMs: seconds * 1_000,
    reason: 'deploy',
  }) as const;
const ended = (id = 'S1') => story.room().silences[id]?.ended ?? null;

describe('a silence', () => {
  it('holds a breach while it lasts, and the next look after its end declares what goes on', async () => {
    const { at, fails, person, incidents, incident } = await begin();
    await person('ana').does(silence(['checkout']));
    fails('checkout', 0.41);
    await at(59);
    expect(incidents()).toEqual([]);
    expect(story.room().silences.S1?.breaches).toMatchObject([{ service: 'checkout', rule: 'errors-tenth' }]);
    await at(62);
    expect(incident()).toMatchObject({ cause: 'rule', severity: 'SEV2', services: ['checkout'] });
    expect(ended()).toMatchObject({ because: 'expired', by: 'room' });
  });

  it('says of a breach once that it holds it, however often the agent looks', async () => {
    const { at, fails, person, agent } = await begin();
    await person('ana').does(silence(['*'], 120));
    fails('checkout', 0.41);
    await at(30);
    const before = agent().committer.committed().seq;
    await at(110);
    expect(agent().committer.committed().seq).toBe(before);
  });

  it('that ends after a breach is over declares nothing', async () => {
    const { at, fails, person, incidents } = await begin();
    await person('ana').does(silence(['checkout']));
    fails('checkout', 0.41);
    await at(30);
    fails('checkout', 0.001);
    await at(90);
    expect(incidents()).toEqual([]);
  });

  it('tells a breach that it held to the incident that a person declares meanwhile', async () => {
    const { at, fails, person, incident } = await begin();
    await person('ana').does(silence(['checkout'], 300));
    fails('checkout', 0.6);
    await at(30);
    await person('ana').does({ type: 'declare', title: 'bad deploy', services: ['checkout'], severity: 'SEV3' });
    await at(35);
    expect(incident()).toMatchObject({ severity: 'SEV3', proposedSeverity: { to: 'SEV1' } });
  });

  it('that a person lifts tells at once what still fires, and no more', async () => {
    const { at, person, tells, incidents, incident } = await begin();
    await person('ana').does(silence(['*'], 600));
    await tells(alertTold('f1'), alertTold('f2'), alertTold('s1', { service: 'search' }));
    await tells(alertTold('s1', { service: 'search', firing: false }));
    await at(30);
    expect(incidents()).toEqual([]);
    await person('ben').does({ type: 'lift-silence', silence: 'S1' });
    expect(incidents()).toHaveLength(1);
    expect(incident()).toMatchObject({ services: ['checkout'], alertCount: { known: 2, firing: 2 } });
  });

  it('ends in its time though the agent was killed across it, and what it held is declared and paged', async () => {
    const { at, person, tells, kill, start, incidents, incident } = await begin();
    await person('ana').does(silence(['checkout']));
    await tells(alertTold('f1'), alertTold('f2', { givenSeverity: 'warning' }));
    await at(30);
    await kill();
    await at(300);
    await start();
    await at(301);
    expect(ended()).toMatchObject({ because: 'expired' });
    expect(incidents()).toHaveLength(1);
    expect(incident()).toMatchObject({ severity: 'SEV1', alertCount: { known: 2, firing: 2, told: 2 } });
    expect(story.pages.map((page) => [page.atSeconds, page.to])).toEqual([[300, 'on-call-engineer']]);
  });

  it('planned for later begins in its time though the agent was killed before', async () => {
    const { at, person, tells, kill, start, incidents } = await begin();
    await person('ana').does(silence(['checkout'], 60, 60));
    await kill();
    await at(70);
    await start();
    await tells(alertTold('f1'));
    expect(incidents()).toEqual([]);
    await at(121);
    expect(incidents()).toHaveLength(1);
  });

  it('goes on while the disk is full: what it held is decided at its end, and kept once there is room', async () => {
    const { at, person, tells, diskIsFull, incidents } = await begin();
    await person('ana').does(silence(['checkout']));
    diskIsFull(true);
    expect(await tells(alertTold('f1'))).toMatchObject({ ok: false, refusal: { reason: 'agent-read-only' } });
    await at(65);
    expect(ended()).toBeNull();
    expect(story.pages).toMatchObject([{ atSeconds: 60, unrecorded: true }]);
    diskIsFull(false);
    await at(70);
    expect(ended()).toMatchObject({ because: 'expired' });
    expect(incidents()).toHaveLength(1);
    expect(story.pages).toHaveLength(1);
  });
});

describe('a response target', () => {
  const quick = {
    ...policy,
    severities: { ...policy.severities, respondWithinMs: { ...policy.severities.respondWithinMs, SEV2: MINUTE } },
  };
  const declare = { type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV2' } as const;

  it('is missed in its time, and told once', async () => {
    const { at, person, incident } = await begin({ policy: quick });
    await person('ana').does(declare);
    await at(59);
    expect(incident().response).toMatchObject({ missedAt: null });
    await at(90);
    expect(incident().response).toMatchObject({ missedAt: '2026-11-23T10:01:00.000Z', metAt: null });
    expect(incident().timeline.filter((entry) => entry.event.type === 'response.missed')).toHaveLength(1);
  });

  it('is missed though the agent was killed across it', async () => {
    const { at, person, incident, kill, start } = await begin({ policy: quick });
    await person('ana').does(declare);
    await at(30);
    await kill();
    await at(200);
    await start();
    await at(201);
    expect(incident().response).toMatchObject({
      dueAt: '2026-11-23T10:01:00.000Z',
      missedAt: '2026-11-23T10:03:20.000Z',
    });
  });

  it('that was met is not missed after a restart', async () => {
    const { at, person, incident, kill, start } = await begin({ policy: quick });
    await person('ana').does(declare);
    await person('chris').does({ type: 'acknowledge', incident: ID });
    await kill();
    await at(100);
    await start();
    await at(101);
    expect(incident().response).toMatchObject({ metBy: 'chris', missedAt: null });
  });
});
