import { afterEach, describe, expect, it } from 'vitest';
import { policy } from '../support/room.ts';
import { ID, type Story, timeline } from '../support/timeline.ts';

const paged = {
  ...policy,
  channels: Object.fromEntries(
    ['on-call-engineer', 'incident-commander', 'engineering-manager', 'vp-engineering', 'cto'].map((contact) => [
      contact,
      ['webhook'],
    ]),
  ),
};
const MINUTES = 60;
let story: Story;
const begin = async (): Promise<Story> => {
  story = await timeline({ policy: paged });
  return story;
};
afterEach(() => story.end());

const who = (): string[] =>
  story.pages.map(({ atSeconds, page, kind }) => `${atSeconds} ${kind} ${page.split('/').slice(1, 5).join('/')}`);

describe('detection', () => {
  it('declares after ten seconds of breach, raises, and proposes recovery after a minute of health', async () => {
    const { at, fails, incident, incidents } = await begin();
    fails('checkout', 0.003);
    await at(5);
    fails('checkout', 0.41);
    await at(15);
    expect(incidents()).toEqual([]);
    await at(16);
    expect(incident()).toMatchObject({
      severity: 'SEV2',
      services: ['checkout'],
      cause: 'rule',
      evidence: [{ rule: 'errors-tenth' }],
    });
    fails('checkout', 0.6);
    await at(30);
    expect(incident().severity).toBe('SEV1');
    fails('checkout', 0.001);
    await at(89);
    expect(incident().recovery).toBeNull();
    await at(92);
    expect(incident().recovery?.samples).toEqual([{ service: 'checkout', errorRatio: 0.001, p95Seconds: 0.1 }]);
    fails('checkout', 0.2);
    await at(94);
    expect(incident().recovery).toBeNull();
  });

  it('takes unknown signals neither for a breach nor for recovery', async () => {
    const { at, fails, isUnknown, incident, incidents } = await begin();
    isUnknown('checkout', 'unreachable');
    await at(60);
    expect(incidents()).toEqual([]);
    fails('checkout', 0.41);
    await at(75);
    isUnknown('checkout', 'unreachable');
    await at(400);
    expect(incident()).toMatchObject({ phase: 'triage', recovery: null });
  });

  it('takes a service with too little traffic not for recovered', async () => {
    const { at, fails, incident } = await begin();
    fails('checkout', 0.41);
    await at(12);
    fails('checkout', 1, 0.5);
    await at(300);
    expect(incident().recovery).toBeNull();
  });

  it('goes on with an incident that was resolved while it still failed, after five minutes of peace', async () => {
    const { at, fails, incident, person } = await begin();
    fails('checkout', 0.41);
    await at(12);
    await person('ana').does({ type: 'resolve', incident: ID });
    await at(12 + 299);
    expect(incident().phase).toBe('resolved');
    await at(12 + 302);
    expect(incident().phase).toBe('triage');
  });

  it('lets a false alarm rest until the breach begins anew', async () => {
    const { at, fails, incidents, person } = await begin();
    fails('checkout', 0.41);
    await at(12);
    await person('ana').does({ type: 'close', incident: ID, falseAlarm: true, reason: 'load test' });
    await at(3_000);
    expect(incidents()).toHaveLength(1);
    fails('checkout', 0.001);
    await at(3_010);
    fails('checkout', 0.41);
    await at(3_030);
    expect(incidents()).toHaveLength(2);
  });

  it('lets a false alarm rest over a restart too, until its rule was seen not to hold', async () => {
    const { at, fails, incidents, isUnknown, kill, person, start } = await begin();
    fails('checkout', 0.41);
    await at(12);
    await person('ana').does({ type: 'close', incident: ID, falseAlarm: true, reason: 'load test' });
    await kill();
    await start();
    await at(60);
    isUnknown('checkout', 'missing');
    await at(300);
    fails('checkout', 0.41);
    await at(400);
    expect(incidents()).toHaveLength(1);
    fails('checkout', 0.001);
    await at(402);
    await kill();
    fails('checkout', 0.41);
    await start();
    await at(420);
    expect(incidents()).toHaveLength(2);
  });

  it('is told after a restart when it is worse than the one that was called a false alarm', async () => {
    const { at, fails, incidents, kill, person, start } = await begin();
    fails('checkout', 0.41);
    await at(12);
    await person('ana').does({ type: 'close', incident: ID, falseAlarm: true, reason: 'load test' });
    await kill();
    fails('checkout', 0.6);
    await start();
    await at(30);
    expect(incidents().map(({ severity }) => severity)).toEqual(['SEV2', 'SEV1']);
  });

  it('rests no more once what was called a false alarm is opened again', async () => {
    const { at, fails, incidents, kill, person, start } = await begin();
    fails('checkout', 0.41);
    await at(12);
    await person('ana').does({ type: 'close', incident: ID, falseAlarm: true, reason: 'load test' });
    await person('ana').does({ type: 'reopen', incident: ID, reason: 'it is none' });
    await person('ana').does({ type: 'resolve', incident: ID });
    await kill();
    await start();
    await at(400);
    expect(incidents().some(({ phase }) => phase === 'triage')).toBe(true);
  });

  it('joins a neighbour in trouble and tells a breach only once', async () => {
    const { at, fails, incident, incidents } = await begin();
    fails('payments', 0.3);
    await at(5);
    fails('checkout', 0.3);
    await at(300);
    expect(incidents()).toHaveLength(1);
    expect(incident().services).toEqual(['payments', 'checkout']);
    expect(incident().timeline.filter((entry) => entry.event.type === 'breach.joined')).toHaveLength(1);
  });
});

describe('escalation', () => {
  const declare = { type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV1' } as const;

  it('pages level after level at its deadline', async () => {
    const { at, person } = await begin();
    await person('ana').does(declare);
    await at(14 * MINUTES + 59);
    expect(who()).toEqual(['0 page sev1/initial/1/on-call-engineer', '0 page sev1/initial/1/incident-commander']);
    await at(30 * MINUTES);
    expect(who().slice(2)).toEqual([
      '900 page sev1/15min/1/engineering-manager',
      '1800 page sev1/30min/1/vp-engineering',
    ]);
  });

  it('stops for an acknowledgement, and goes on when its lease has run out', async () => {
    const { at, person, incident } = await begin();
    await person('ana').does(declare);
    await at(5 * MINUTES);
    await person('chris').does({ type: 'acknowledge', incident: ID });
    await at(14 * MINUTES + 59);
    expect(story.pages).toHaveLength(2);
    await at(15 * MINUTES);
    expect(who().slice(2)).toEqual([
      '900 page sev1/initial/2/on-call-engineer',
      '900 page sev1/initial/2/incident-commander',
    ]);
    expect(incident().escalation?.heldBy).toBeNull();
    await at(25 * MINUTES);
    expect(who().at(-1)).toBe('1500 page sev1/15min/1/engineering-manager');
  });

  it('goes on after a restart as if nothing had been', async () => {
    const { at, person, kill, start } = await begin();
    await person('ana').does(declare);
    await at(10 * MINUTES);
    await kill();
    await at(12 * MINUTES);
    await start();
    await at(15 * MINUTES);
    expect(who().slice(2)).toEqual(['900 page sev1/15min/1/engineering-manager']);
  });

  it('after a restart across deadlines runs the current level at once, says how late, notices the rest, and keeps full delays', async () => {
    const { at, person, kill, start, incident } = await begin();
    await person('ana').does(declare);
    await at(10 * MINUTES);
    await kill();
    await at(35 * MINUTES);
    await start();
    await at(35 * MINUTES + 1);
    expect(who().slice(2)).toEqual([
      '2100 page sev1/15min/1/engineering-manager',
      '2100 notice sev1/30min/1/vp-engineering',
    ]);
    expect(incident().escalation?.levels[1]).toMatchObject({ lateMs: 20 * MINUTES * 1_000 });
    await at(50 * MINUTES);
    expect(who().at(-1)).toBe('3000 page sev1/30min/2/vp-engineering');
  });

  it('sends a page whose fate a crash hid once more, marked as a possible duplicate', async () => {
    const { at, person, kill, start, pager, incident } = await begin();
    pager('hang');
    await person('ana').does({ ...declare, severity: 'SEV3' });
    await at(1);
    expect(story.pages.map((page) => page.possibleDuplicate)).toEqual([false]);
    await kill();
    pager({ ok: true });
    await at(5);
    await start();
    await at(8);
    expect(story.pages.map((page) => page.possibleDuplicate)).toEqual([false, true]);
    expect(Object.values(incident().pages)).toMatchObject([{ state: 'sent', possibleDuplicate: true }]);
  });

  it('tries a failing channel again after growing waits and then says that it failed', async () => {
    const { at, person, pager, incident } = await begin();
    pager({ ok: false, reason: 'unreachable', detail: 'connection refused', retry: true, retryAfterMs: null });
    await person('ana').does({ ...declare, severity: 'SEV3' });
    await at(1);
    expect(Object.values(incident().pages)).toMatchObject([
      { state: 'retrying', reason: 'unreachable: connection refused' },
    ]);
    await at(10 * MINUTES);
    expect(story.pages.map((page) => page.atSeconds)).toEqual([0, 2, 7, 22, 82, 382]);
    expect(Object.values(incident().pages)).toMatchObject([{ state: 'failed', tries: 6 }]);
  });

  it('calls off what waits when the incident is resolved', async () => {
    const { at, person, pager } = await begin();
    pager({ ok: false, reason: 'unreachable', detail: 'connection refused', retry: true, retryAfterMs: null });
    await person('ana').does(declare);
    await at(1);
    const before = story.pages.length;
    await person('ana').does({ type: 'resolve', incident: ID });
    await at(120 * MINUTES);
    expect(story.pages).toHaveLength(before);
  });

  it('marks a page that may have arrived although its answer got lost', async () => {
    const { at, person, pager } = await begin();
    pager({ ok: false, reason: 'timeout', detail: '5 s', retry: true, retryAfterMs: null, mayHaveArrived: true });
    await person('ana').does({ ...declare, severity: 'SEV3' });
    await at(3);
    expect(story.pages.map((page) => page.possibleDuplicate)).toEqual([false, true]);
  });
});

describe('a full disk', () => {
  const declare = { type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV1' } as const;
  const PAGED = `${15 * MINUTES} page sev1/15min/1/engineering-manager`;

  it('does not keep a page from going out when it falls due, and the page says that it is unrecorded', async () => {
    const { at, person, diskIsFull, agent, incident } = await begin();
    await person('ana').does(declare);
    await at(14 * MINUTES);
    diskIsFull(true);
    await at(16 * MINUTES);
    expect(agent().committer.writable()).toBe(false);
    expect(who().at(2)).toBe(PAGED);
    expect(story.pages.map(({ unrecorded }) => unrecorded)).toEqual([false, false, true]);
    expect(Object.values(incident().pages)).toHaveLength(2);
  });

  it('once it has room takes what was held, as it happened, and pages nobody twice', async () => {
    const { at, person, diskIsFull, agent, incident } = await begin();
    await person('ana').does(declare);
    await at(14 * MINUTES);
    diskIsFull(true);
    await at(16 * MINUTES);
    expect(agent().committer.held()).toBe(2);
    diskIsFull(false);
    await at(20 * MINUTES);
    expect(agent().committer.writable()).toBe(true);
    expect(agent().committer.held()).toBe(0);
    expect(story.pages).toHaveLength(3);
    expect(Object.values(incident().pages).at(-1)).toMatchObject({
      contact: 'engineering-manager',
      state: 'sent',
      requestedAt: '2026-11-23T10:15:00.000Z',
      possibleDuplicate: false,
    });
    expect(incident().escalation?.levels[1]).toMatchObject({ reachedAt: '2026-11-23T10:15:00.000Z', lateMs: 0 });
  });

  it('does not keep trouble that begins meanwhile from paging', async () => {
    const { at, fails, diskIsFull, incidents } = await begin();
    diskIsFull(true);
    fails('checkout', 0.6);
    await at(30);
    expect(incidents()).toEqual([]);
    expect(story.pages.map(({ to, unrecorded }) => [to, unrecorded])).toEqual([
      ['on-call-engineer', true],
      ['incident-commander', true],
    ]);
    diskIsFull(false);
    await at(60);
    expect(incidents()).toMatchObject([{ id: ID, severity: 'SEV1', declaredAt: expect.stringMatching(/10:00:1/) }]);
    expect(story.pages).toHaveLength(2);
  });

  it('takes nothing that a person asks for, and says so; a page that failed is still tried again', async () => {
    const { at, person, diskIsFull, pager } = await begin();
    await person('ana').does(declare);
    await at(14 * MINUTES);
    pager({ ok: false, reason: 'unreachable', detail: 'refused', retry: true, retryAfterMs: null });
    diskIsFull(true);
    await at(15 * MINUTES + 1);
    expect(await person('ana').does({ type: 'acknowledge', incident: ID })).toMatchObject({
      ok: false,
      refusal: { reason: 'agent-read-only' },
    });
    pager({ ok: true });
    await at(16 * MINUTES);
    expect(who().slice(2)).toEqual([PAGED, `${15 * MINUTES + 2} page sev1/15min/1/engineering-manager`]);
  });

  it('with a crash in it: what went out unrecorded is not known, and goes out again', async () => {
    const { at, person, diskIsFull, kill, start } = await begin();
    await person('ana').does(declare);
    await at(14 * MINUTES);
    diskIsFull(true);
    await at(16 * MINUTES);
    await kill();
    diskIsFull(false);
    await start();
    await at(17 * MINUTES);
    expect(who().slice(2)).toEqual([PAGED, `${16 * MINUTES} page sev1/15min/1/engineering-manager`]);
  });

  it('lets no effect begin that could not be recorded', async () => {
    const { at, person, diskIsFull, world } = await begin();
    await person('ana').does(declare);
    await person('ana').does({
      type: 'contain',
      incident: ID,
      service: 'checkout',
      name: 'circuit-breaker',
      params: {},
      arm: true,
    });
    await at(2);
    diskIsFull(true);
    expect(await person('ana').does({ type: 'confirm', action: 'A1', typed: null })).toMatchObject({ ok: false });
    await at(10);
    expect(world.applied).toBe(0);
  });
});
