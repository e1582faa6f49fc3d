import { describe, expect, it } from 'vitest';
import { alertIn, alertsIn } from '../../src/incident/alerts.ts';
import { decide } from '../../src/incident/decide.ts';
import { evolve } from '../../src/incident/evolve.ts';
import { safeText } from '../../src/incident/text.ts';
import { agent, contain, evidence, outcome, person, plan, policy, roomUnderTest } from '../support/room.ts';

const ID = 'INC-2026-0001';
const text = safeText;

describe('declaring', () => {
  it('numbers incidents per year and puts them on the ladder of their severity', () => {
    const room = roomUnderTest();
    const events = room.declares();
    expect(events.map((event) => event.type)).toEqual(['incident.declared', 'response.expected', 'escalation.started']);
    room.declares(['search']);
    expect(Object.keys(room.room().incidents)).toEqual(['INC-2026-0001', 'INC-2026-0002']);
  });

  it('refuses a service that is not configured, and lists those that are', () => {
    const room = roomUnderTest();
    const decision = room.asks('ana', {
      type: 'declare',
      title: text('x'),
      services: [text('constructor')],
      severity: 'SEV3',
    });
    expect(decision).toMatchObject({
      ok: false,
      refusal: { reason: 'no-such-service', remedy: 'services: checkout, payments, search, vault' },
    });
  });

  it('wears the production environment when any of its services does', () => {
    const room = roomUnderTest();
    room.declares(['checkout', 'vault']);
    expect(room.incident().environment).toEqual({ name: 'eu-1', production: true });
  });

  it('declares by itself from a breach, with the rule and the samples as evidence', () => {
    const room = roomUnderTest();
    room.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') });
    expect(room.incident()).toMatchObject({
      title: 'checkout: 41 % of requests fail',
      severity: 'SEV2',
      cause: 'rule',
      evidence: [{ rule: 'errors-tenth' }],
    });
  });

  it('joins a breach of a neighbour instead of opening a second incident', () => {
    const room = roomUnderTest();
    room.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('payments', 'errors-tenth') });
    room.agentDoes({
      type: 'report-breach',
      severity: 'SEV3',
      evidence: evidence('checkout', 'errors-above-baseline'),
    });
    expect(Object.keys(room.room().incidents)).toHaveLength(1);
    expect(room.incident()).toMatchObject({ services: ['payments', 'checkout'], severity: 'SEV2' });
  });

  it('opens its own incident for a service that is no neighbour', () => {
    const room = roomUnderTest();
    room.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('payments', 'errors-tenth') });
    room.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('search', 'errors-tenth') });
    expect(Object.keys(room.room().incidents)).toHaveLength(2);
  });

  it('takes the same breach again for no news', () => {
    const room = roomUnderTest();
    const report = { type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') } as const;
    room.agentDoes(report);
    expect(outcome(room.agentAsks(report))).toBe('already-so');
  });

  it('goes on with the same incident when the service breaches again soon after it was resolved', () => {
    const room = roomUnderTest();
    room.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') });
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(29 * 60_000);
    room.agentDoes({
      type: 'report-breach',
      severity: 'SEV2',
      evidence: evidence('checkout', 'errors-tenth', room.now()),
    });
    expect(room.incident().phase).toBe('triage');
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(31 * 60_000);
    room.agentDoes({
      type: 'report-breach',
      severity: 'SEV2',
      evidence: evidence('checkout', 'errors-tenth', room.now()),
    });
    expect(Object.keys(room.room().incidents)).toHaveLength(2);
  });
});

describe('alerts', () => {
  const alert = (fingerprint: string, givenSeverity: string, firing = true) =>
    ({
      type: 'report-alert',
      source: text('alertmanager'),
      fingerprint: text(fingerprint),
      service: text('checkout'),
      givenSeverity: text(givenSeverity),
      message: text('too many errors'),
      firing,
    }) as const;

  it.each([
    ['critical', 'SEV1', true],
    ['ERROR', 'SEV2', true],
    ['warning', 'SEV3', true],
    ['info', 'SEV4', true],
    ['catastrophe', 'SEV3', false],
  ])('maps %s to %s and says whether the word was known: %s', (given, severity, known) => {
    const room = roomUnderTest();
    room.does('am', alert('f1', given));
    expect(room.incident().severity).toBe(severity);
    expect(alertIn(room.incident().alerts, 'alertmanager/f1')).toMatchObject({ severityKnown: known, count: 1 });
  });

  it('folds a repeated fingerprint into a count, and joins another one', () => {
    const room = roomUnderTest();
    room.does('am', alert('f1', 'warning'));
    room.does('am', alert('f1', 'warning'));
    room.does('am', alert('__proto__', 'critical'));
    expect(room.incident().severity).toBe('SEV1');
    expect(alertIn(room.incident().alerts, 'alertmanager/f1')?.count).toBe(2);
    expect(alertsIn(room.incident().alerts).map((one) => one.fingerprint)).toEqual(
      expect.arrayContaining(['f1', '__proto__']),
    );
    expect(room.incident().alertCount).toEqual({ known: 2, firing: 2, told: 3 });
  });

  it('raises when the same alert becomes worse, and lets a later breach raise further by itself', () => {
    const room = roomUnderTest();
    room.does('am', alert('f1', 'warning'));
    room.does('am', alert('f1', 'error'));
    expect(room.incident()).toMatchObject({ severity: 'SEV2', severityPinned: false });
    room.agentDoes({ type: 'report-breach', severity: 'SEV1', evidence: evidence('checkout', 'errors-half') });
    expect(room.incident()).toMatchObject({ severity: 'SEV1', proposedSeverity: null });
  });

  it('withdraws a proposed recovery', () => {
    const room = roomUnderTest();
    room.does('am', alert('f1', 'warning'));
    room.agentDoes({ type: 'propose-recovery', incident: ID, since: room.now(), samples: [] });
    room.does('am', alert('f2', 'warning'));
    expect(room.incident().recovery).toBeNull();
  });

  it('clears an alert without ending the incident', () => {
    const room = roomUnderTest();
    room.does('am', alert('f1', 'warning'));
    room.does('am', alert('f1', 'warning', false));
    expect(room.incident().phase).toBe('triage');
    expect(alertIn(room.incident().alerts, 'alertmanager/f1')?.clearedAt).toBe(room.now());
    expect(outcome(room.asks('am', alert('f1', 'warning', false)))).toBe('nothing-due');
  });
});

describe('severity', () => {
  it('is raised by anybody at once', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ben', { type: 'set-severity', incident: ID, severity: 'SEV1', reason: text('') });
    expect(room.incident()).toMatchObject({ severity: 'SEV1', severityPinned: true });
  });

  it('is lowered only by the commander, with a reason', () => {
    const room = roomUnderTest();
    room.declares();
    const lower = (reason: string) =>
      ({ type: 'set-severity', incident: ID, severity: 'SEV3', reason: text(reason) }) as const;
    expect(outcome(room.asks('ana', lower('better')))).toBe('commander-only');
    room.does('ana', { type: 'claim-role', incident: ID, role: 'commander' });
    expect(outcome(room.asks('ben', lower('better')))).toBe('commander-only');
    expect(outcome(room.asks('ana', lower('')))).toBe('reason-required');
    expect(outcome(room.asks('ana', lower('only one customer')))).toBe('allowed');
  });

  it('is proposed, not changed, by automation once a person has chosen it', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV3');
    room.agentDoes({ type: 'report-breach', severity: 'SEV1', evidence: evidence('checkout', 'errors-half') });
    expect(room.incident()).toMatchObject({ severity: 'SEV3', proposedSeverity: { to: 'SEV1' } });
  });

  it('is never lowered by automation', () => {
    const room = roomUnderTest();
    room.agentDoes({ type: 'report-breach', severity: 'SEV1', evidence: evidence('checkout', 'errors-half') });
    room.agentDoes({
      type: 'report-breach',
      severity: 'SEV3',
      evidence: evidence('checkout', 'errors-above-baseline'),
    });
    expect(room.incident().severity).toBe('SEV1');
  });
});

describe('roles', () => {
  it('have one holder, who alone releases', () => {
    const room = roomUnderTest();
    room.declares();
    const claim = { type: 'claim-role', incident: ID, role: 'commander' } as const;
    room.does('ana', claim);
    expect(outcome(room.asks('ben', claim))).toBe('role-held');
    expect(outcome(room.asks('ana', claim))).toBe('already-so');
    expect(outcome(room.asks('ben', { ...claim, type: 'release-role' }))).toBe('role-held');
    room.does('ana', { ...claim, type: 'release-role' });
    room.does('ben', claim);
    expect(room.incident().roles.commander?.person).toBe('ben');
  });
});

describe('notes and corrections', () => {
  it('keep the entry in the timeline when a note is put right', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'add-note', incident: ID, text: text('relase 3') });
    room.does('ana', { type: 'correct-note', incident: ID, note: 'N1', text: text('release 3') });
    expect(room.incident().notes.N1).toMatchObject({ text: 'release 3', by: 'ana' });
    expect(room.incident().timeline.map((entry) => entry.event.type)).toContain('note.added');
    expect(outcome(room.asks('ana', { type: 'correct-note', incident: ID, note: 'toString', text: text('x') }))).toBe(
      'no-such-note',
    );
  });

  it('change title and services', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'retitle', incident: ID, title: text('checkout and search fail') });
    room.does('ana', {
      type: 'change-services',
      incident: ID,
      services: [text('checkout'), text('search'), text('search')],
    });
    expect(room.incident()).toMatchObject({ title: 'checkout and search fail', services: ['checkout', 'search'] });
    expect(outcome(room.asks('ana', { type: 'change-services', incident: ID, services: [text('nope')] }))).toBe(
      'no-such-service',
    );
  });
});

describe('ending', () => {
  it('closes only what is resolved, unless it was a false alarm', () => {
    const room = roomUnderTest();
    room.declares();
    const close = { type: 'close', incident: ID, falseAlarm: false, reason: text('') } as const;
    expect(outcome(room.asks('ana', close))).toBe('not-resolved');
    room.does('ana', { ...close, falseAlarm: true });
    expect(room.incident()).toMatchObject({ phase: 'closed', falseAlarm: true });
  });

  it('refuses to close while containment is in place, with the list', () => {
    const room = roomUnderTest();
    room.declares();
    const action = contain(room);
    room.does('ana', { type: 'resolve', incident: ID });
    const decision = room.asks('ana', { type: 'close', incident: ID, falseAlarm: false, reason: text('') });
    expect(decision).toMatchObject({ ok: false, refusal: { reason: 'containment-in-place', actions: [action] } });
    expect(room.incident().timeline.findLast((entry) => entry.event.type === 'incident.resolved')?.event).toMatchObject(
      { left: [action] },
    );
  });

  it('calls off pages and arms when it is resolved', () => {
    const room = roomUnderTest();
    room.declares();
    room.agentDoes({ type: 'reach-level', incident: ID, level: 'sev2/initial' });
    room.does('ana', {
      type: 'contain',
      incident: ID,
      service: text('checkout'),
      name: text('circuit-breaker'),
      params: {},
      arm: true,
    });
    room.agentDoes({ type: 'record-plan', action: 'A1', plan });
    room.does('ana', { type: 'resolve', incident: ID });
    expect(Object.values(room.incident().pages).map((page) => page.state)).toEqual(['cancelled', 'cancelled']);
    expect(room.incident().actions.A1?.state).toEqual({ name: 'disarmed', reason: 'incident-ended' });
  });

  it('begins nothing more that was confirmed, once it is resolved', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', {
      type: 'contain',
      incident: ID,
      service: text('checkout'),
      name: text('circuit-breaker'),
      params: {},
      arm: true,
    });
    room.agentDoes({ type: 'record-plan', action: 'A1', plan });
    room.does('ana', { type: 'confirm', action: 'A1', typed: null });
    room.does('ben', { type: 'resolve', incident: ID });
    expect(room.incident().actions.A1?.state).toEqual({ name: 'disarmed', reason: 'incident-ended' });
    expect(outcome(room.agentAsks({ type: 'start-action', action: 'A1' }))).toBe('already-so');
    expect(outcome(room.asks('ben', { type: 'close', incident: ID, falseAlarm: false, reason: text('') }))).toBe(
      'allowed',
    );
  });

  it('begins nothing that a journal left confirmed when it was resolved', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', {
      type: 'contain',
      incident: ID,
      service: text('checkout'),
      name: text('circuit-breaker'),
      params: {},
      arm: true,
    });
    room.agentDoes({ type: 'record-plan', action: 'A1', plan });
    room.does('ana', { type: 'confirm', action: 'A1', typed: null });
    const resolved = { type: 'incident.resolved', incident: ID, left: [] } as const;
    const before = evolve(room.room(), resolved, { seq: 99, at: room.now(), actor: person('ben') });
    const context = { now: room.now(), actor: agent, permission: null, policy };
    expect(outcome(decide(before, { type: 'start-action', action: 'A1' }, context))).toBe('incident-resolved');
  });

  it('reopens the same incident within the window, and a following one later', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'resolve', incident: ID });
    room.does('ana', { type: 'reopen', incident: ID, reason: text('not over') });
    expect(room.incident()).toMatchObject({ phase: 'triage', resolvedAt: null });
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(31 * 60_000);
    room.does('ana', { type: 'reopen', incident: ID, reason: text('again') });
    expect(room.incident().phase).toBe('resolved');
    expect(room.incident('INC-2026-0002')).toMatchObject({ follows: ID, phase: 'triage' });
  });

  it('answers an acknowledgement of a resolved incident with a clear no', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'resolve', incident: ID });
    expect(room.asks('ana', { type: 'acknowledge', incident: ID })).toMatchObject({
      ok: false,
      refusal: { reason: 'incident-resolved', remedy: 'reopen it: warroom reopen INC-2026-0001' },
    });
  });
});

describe('recovery', () => {
  it('is proposed once and withdrawn when the service breaches again', () => {
    const room = roomUnderTest();
    room.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') });
    const propose = { type: 'propose-recovery', incident: ID, since: room.now(), samples: [] } as const;
    room.agentDoes(propose);
    expect(outcome(room.agentAsks(propose))).toBe('already-so');
    room.pass(60_000);
    room.agentDoes({
      type: 'report-breach',
      severity: 'SEV2',
      evidence: evidence('checkout', 'errors-tenth', room.now()),
    });
    expect(room.incident()).toMatchObject({ recovery: null, phase: 'triage' });
  });
});
