import { describe, expect, it } from 'vitest';
import { unsent } from '../../src/agent/reactors/outgoing.ts';
import { decide } from '../../src/incident/decide.ts';
import { replay } from '../../src/incident/evolve.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, msBetween } from '../../src/incident/time.ts';
import { commitFor, mayView, roomFor, touchesPrivate } from '../../src/incident/visibility.ts';
import { alertTold, doWhatIsDue, evidence, person, plan, policy, roomUnderTest, START } from '../support/room.ts';

const SECRET = 'INC-2026-0001';
const PUBLIC = 'INC-2026-0002';
const names = (...people: readonly string[]) => people.map((name) => safeText(name));

const breaker = {
  type: 'contain',
  service: safeText('checkout'),
  name: safeText('circuit-breaker'),
  params: {},
} as const;

const sinks = { ...policy, sinks: { incidents: { channel: 'webhook' } } } as typeof policy;

/** A private incident about checkout that ana declared for herself and ben, and one that everybody sees. */
const room = () => {
  const its = roomUnderTest(sinks);
  its.does('ana', {
    type: 'declare',
    title: safeText('keys of vault are out'),
    services: names('checkout'),
    severity: 'SEV1',
    people: names('ben'),
  });
  its.does('chris', {
    type: 'declare',
    title: safeText('search is slow'),
    services: names('search'),
    severity: 'SEV3',
  });
  return its;
};

describe('a private incident', () => {
  it('is there for those named and for who declared it, and for nobody else', () => {
    const its = room().room();
    expect(Object.keys(roomFor(its, 'ana').incidents)).toEqual([SECRET, PUBLIC]);
    expect(Object.keys(roomFor(its, 'ben').incidents)).toEqual([SECRET, PUBLIC]);
    expect(Object.keys(roomFor(its, 'chris').incidents)).toEqual([PUBLIC]);
    expect(roomFor(its, 'ana')).toBe(its);
    expect(JSON.stringify(roomFor(its, 'chris'))).not.toContain('vault are out');
  });

  it('folds for each person to just what they may see', () => {
    const its = room();
    its.does('ben', { type: 'add-note', incident: SECRET, text: safeText('rotated') });
    its.does('chris', { type: 'acknowledge', incident: PUBLIC });
    its.does('ana', { type: 'assign-role', incident: SECRET, role: 'tech', person: safeText('ben') });
    for (const name of ['ana', 'ben', 'chris']) {
      let before = replay([]);
      const seen = its.commits().map((commit) => {
        const after = replay(its.commits().slice(0, commit.seq));
        const shown = commitFor(commit, before, after, name);
        before = after;
        return shown;
      });
      expect(replay(seen).incidents).toEqual(roomFor(its.room(), name).incidents);
    }
  });

  it('does not exist for others, whatever they ask of it', () => {
    const its = room();
    for (const command of [
      { type: 'acknowledge', incident: SECRET },
      { type: 'add-note', incident: SECRET, text: safeText('what is this') },
      { type: 'set-people', incident: SECRET, people: null },
      { type: 'close', incident: SECRET, falseAlarm: true, reason: safeText('') },
    ] as const) {
      const hidden = its.asks('chris', command);
      const absent = its.asks('chris', { ...command, incident: 'INC-2026-0099' });
      expect(hidden).toMatchObject({ ok: false, refusal: { reason: 'no-such-incident' } });
      expect(JSON.stringify(hidden).replaceAll(SECRET, '')).toBe(
        JSON.stringify(absent).replaceAll('INC-2026-0099', ''),
      );
    }
  });

  it('swallows no public trouble of the same service: automation opens its own', () => {
    const its = room();
    its.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') });
    expect(its.incident('INC-2026-0003')).toMatchObject({ services: ['checkout'], people: null });
    its.agentDoes({ type: 'report-alerts', alerts: [alertTold('f1')] });
    expect(its.incident(SECRET).alertCount.known).toBe(0);
  });

  it('is told to no sink, and a page of it only calls', () => {
    const its = room();
    expect(Object.keys(its.incident(SECRET).messages)).toEqual([]);
    expect(Object.keys(its.incident(PUBLIC).messages)).toHaveLength(1);
    its.agentDoes({ type: 'reach-level', incident: SECRET, level: 'sev1/initial' });
    const pages = unsent(its.room())
      .filter(({ parcel }) => parcel.kind === 'page')
      .map((due) => due.outgoing(false, () => [{ title: 'runbook', url: 'https://wiki.example/vault' }], its.now()));
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      expect(page.text).toBe(`SEV1 ${SECRET}: a private incident`);
      expect(JSON.stringify(page)).not.toMatch(/keys|vault|checkout/);
    }
  });

  it('lets in whoever is given a role in it', () => {
    const its = room();
    its.does('ana', { type: 'assign-role', incident: SECRET, role: 'tech', person: safeText('dora') });
    expect(its.incident(SECRET).people).toEqual(['ana', 'ben', 'dora']);
  });

  it('is opened to nobody by a responder, also not with a role', () => {
    const its = room();
    const decision = decide(
      its.room(),
      { type: 'assign-role', incident: SECRET, role: 'scribe', person: safeText('dora') },
      { now: its.now(), actor: person('ben'), permission: 'responder', policy },
    );
    expect(decision).toMatchObject({ ok: false, refusal: { reason: 'not-permitted' } });
  });

  it('called a false alarm leaves no trace for others once it is archived', () => {
    const its = room();
    its.does('ana', { type: 'close', incident: SECRET, falseAlarm: true, reason: safeText('no harm') });
    its.pass(25 * HOUR);
    its.agentDoes({ type: 'archive-incident', incident: SECRET, lastSeq: its.incident(SECRET).lastSeq });
    expect(its.room().falseAlarms).toEqual({});
  });

  it('is not closed to somebody who works in it', () => {
    const its = room();
    its.does('ana', { type: 'assign-role', incident: SECRET, role: 'tech', person: safeText('ben') });
    expect(its.asks('ana', { type: 'set-people', incident: SECRET, people: names('dora') })).toMatchObject({
      ok: false,
      refusal: { reason: 'would-lock-out' },
    });
  });

  it.each([
    ['armed', 1],
    ['confirmed', 2],
    ['begun', 3],
    ['applied', 4],
  ])('keeps others from the same containment once its own is %s, and says nothing of whose it is', (_state, steps) => {
    const its = room();
    its.does('chris', { type: 'change-services', incident: PUBLIC, services: names('search', 'checkout') });
    its.does('ana', { ...breaker, incident: SECRET, arm: true });
    const way = [
      () => its.agentDoes({ type: 'record-plan', action: 'A1', plan }),
      () => its.does('ana', { type: 'confirm', action: 'A1', typed: null }),
      () => its.agentDoes({ type: 'start-action', action: 'A1' }),
      () => its.agentDoes({ type: 'record-applied', action: 'A1', errorRatio: null }),
    ];
    for (const step of way.slice(0, steps)) step();
    const decision = its.asks('chris', { ...breaker, incident: PUBLIC, arm: true });
    expect(decision).toMatchObject({ ok: false, refusal: { reason: 'already-in-place', actions: [] } });
    expect(JSON.stringify(decision)).not.toMatch(/INC-|A1|ana|vault/);
  });

  it('keeps others from arming what it has armed since they planned it', () => {
    const its = room();
    its.does('chris', { type: 'change-services', incident: PUBLIC, services: names('search', 'checkout') });
    its.does('chris', { ...breaker, incident: PUBLIC, arm: false });
    its.agentDoes({ type: 'record-plan', action: 'A1', plan });
    its.does('ana', { ...breaker, incident: SECRET, arm: true });
    its.agentDoes({ type: 'record-plan', action: 'A2', plan });
    expect(its.asks('chris', { type: 'arm', action: 'A1' })).toMatchObject({
      ok: false,
      refusal: { reason: 'already-in-place', actions: [] },
    });
  });

  it('is not had by somebody who may not see it any more: its ladder goes on, and calls again', () => {
    const its = room();
    doWhatIsDue(its);
    its.does('ben', { type: 'acknowledge', incident: SECRET });
    its.pass(5 * MINUTE);
    its.does('ana', { type: 'set-people', incident: SECRET, people: [] });
    const { escalation, acknowledgements, pages } = its.incident(SECRET);
    expect(escalation?.heldBy).toBeNull();
    expect(acknowledgements.ben?.expired).toBe(true);
    expect(escalation?.levels.map(({ dueAt }) => msBetween(START, dueAt) / MINUTE)).toEqual([0, 20, 35, 65]);
    expect(
      Object.values(pages)
        .filter(({ attempt }) => attempt === 2)
        .map(({ contact }) => contact),
    ).toEqual(['on-call-engineer', 'on-call-engineer', 'incident-commander']);
    its.does('ana', { type: 'acknowledge', incident: SECRET });
    its.does('ana', { type: 'set-people', incident: SECRET, people: names('dora') });
    expect(its.incident(SECRET).escalation?.heldBy?.person).toBe('ana');
  });

  it('may become public, and a public one private', () => {
    const its = room();
    its.does('ana', { type: 'set-people', incident: SECRET, people: null });
    expect(Object.keys(roomFor(its.room(), 'chris').incidents)).toEqual([SECRET, PUBLIC]);
    const open = its.room();
    its.does('chris', { type: 'set-people', incident: PUBLIC, people: names('dora') });
    expect(Object.keys(roomFor(its.room(), 'ana').incidents)).toEqual([SECRET]);
    expect(touchesPrivate(its.commits().at(-1) ?? { events: [] }, open, its.room())).toBe(true);
    expect(its.asks('chris', { type: 'set-people', incident: PUBLIC, people: names('dora') })).toMatchObject({
      refusal: { reason: 'already-so' },
    });
  });

  it('hides nothing from anybody while there is none', () => {
    const its = roomUnderTest();
    its.declares();
    expect(roomFor(its.room(), 'anybody')).toBe(its.room());
    expect(mayView(its.incident(), 'anybody')).toBe(true);
    const decision = decide(
      its.room(),
      { type: 'acknowledge', incident: SECRET },
      {
        now: its.now(),
        actor: person('anybody'),
        permission: 'responder',
        policy,
      },
    );
    expect(decision.ok).toBe(true);
  });
});
