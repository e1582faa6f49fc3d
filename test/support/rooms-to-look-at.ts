// Owns the rooms that frames and eyes look at: one incident in the middle of its life, and quieter ones.
import { known, unknown } from '../../src/incident/signals.ts';
import { safeText } from '../../src/incident/text.ts';
import { MINUTE, SECOND } from '../../src/incident/time.ts';
import { check, type FakeRoom, fakeRoom } from './fake-room-client.ts';
import { evidence, plan } from './room.ts';

const text = (raw: string) => safeText(raw);
export const INCIDENT = 'INC-2026-0001';

const quietSignals = (room: FakeRoom): void => {
  for (const service of ['checkout', 'payments', 'search', 'vault']) {
    room.reads(service, known(0.002));
    room.past(
      service,
      Array.from({ length: 40 }, (_, index) => 0.001 + 0.001 * (index % 3)),
    );
  }
  const since = room.story.now();
  room.checks('checkout', [check('checkout', 'http', 'up', { since }), check('checkout', 'db', 'up', { since })]);
};

export const calmRoom = (me?: string): FakeRoom => {
  const room = fakeRoom(me);
  quietSignals(room);
  return room;
};

/** Checkout fails at 41 %, declared by a rule, first page out; nobody has command. */
export const failingRoom = (me?: string, service = 'checkout'): FakeRoom => {
  const room = calmRoom(me);
  const { story } = room;
  story.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence(service, 'errors-tenth') });
  const first = story.incident().escalation?.levels[0]?.level;
  if (first !== undefined) story.agentDoes({ type: 'reach-level', incident: INCIDENT, level: first });
  for (const page of Object.values(story.incident().pages)) {
    story.agentDoes({
      type: 'record-sent',
      parcel: { kind: 'page', incident: INCIDENT, page: page.page },
      tookMs: 412,
      possibleDuplicate: false,
    });
  }
  story.pass(2 * MINUTE + 7 * SECOND);
  room.reads(service, known(0.41), { p95Seconds: known(0.84), requestsPerSecond: known(312) });
  room.past(service, [
    ...Array.from({ length: 12 }, () => 0.002),
    0.05,
    0.2,
    0.35,
    ...Array.from({ length: 25 }, () => 0.41),
  ]);
  const since = story.now();
  room.checks(service, [
    check(service, 'cache', 'down', { since, detail: 'timeout after 2 s' }),
    check(service, 'http', 'up', { since }),
    check(service, 'db', 'up', { since }),
    check(service, 'queue', 'unknown', { since }),
  ]);
  room.changed();
  return room;
};

/** Command taken, roles held, acknowledged. */
export const commandedRoom = (me?: string, service?: string): FakeRoom => {
  const room = failingRoom(me, service);
  const { story } = room;
  story.does('ana', { type: 'claim-role', incident: INCIDENT, role: 'commander' });
  story.does('ben', { type: 'claim-role', incident: INCIDENT, role: 'tech' });
  story.does('chris', { type: 'claim-role', incident: INCIDENT, role: 'on-call' });
  story.pass(20 * SECOND);
  story.does('ben', {
    type: 'add-note',
    incident: INCIDENT,
    text: text(
      'release 2026.11.22-3 went out 4 min before onset; ben looks at the diff, chris at the pool sizes of payments',
    ),
  });
  room.changed();
  return room;
};

/** An action of `by`, planned and armed. */
export const arm = (room: FakeRoom, name: string, by = 'ana', service = 'checkout'): string => {
  const [requested] = room.story.does(by, {
    type: 'contain',
    incident: INCIDENT,
    service: text(service),
    name: text(name),
    params: {},
    arm: true,
  });
  if (requested?.type !== 'action.requested') throw new Error('not requested');
  room.story.agentDoes({ type: 'record-plan', action: requested.action, plan });
  room.changed();
  return requested.action;
};

export const apply = (room: FakeRoom, action: string, by = 'ana'): void => {
  room.story.does(by, { type: 'confirm', action, typed: text(room.story.incident().actions[action]?.service ?? '') });
  room.story.agentDoes({ type: 'start-action', action });
  room.story.agentDoes({ type: 'record-applied', action, errorRatio: 0.41 });
  room.changed();
};

/** The circuit breaker is in and works. */
export const containedRoom = (me?: string): FakeRoom => {
  const room = commandedRoom(me);
  room.story.does('ana', { type: 'acknowledge', incident: INCIDENT });
  room.story.pass(5 * SECOND);
  apply(room, arm(room, 'circuit-breaker'));
  room.story.pass(40 * SECOND);
  room.reads('checkout', known(0.021), { p95Seconds: known(0.21), requestsPerSecond: known(309) });
  room.past('checkout', [
    ...Array.from({ length: 5 }, () => 0.002),
    0.2,
    ...Array.from({ length: 20 }, () => 0.41),
    0.2,
    0.1,
    0.03,
    0.021,
    0.021,
    0.021,
    0.021,
  ]);
  return room;
};

export const unknownRoom = (me?: string): FakeRoom => {
  const room = commandedRoom(me);
  room.reads('checkout', unknown('timeout'), { p95Seconds: unknown('timeout'), requestsPerSecond: unknown('timeout') });
  room.reads('payments', unknown('stale'));
  return room;
};

export const severalRoom = (me?: string): FakeRoom => {
  const room = commandedRoom(me);
  room.story.agentDoes({
    type: 'report-breach',
    severity: 'SEV3',
    evidence: evidence('search', 'errors-above-baseline'),
  });
  room.story.agentDoes({ type: 'report-breach', severity: 'SEV1', evidence: evidence('vault', 'errors-half') });
  room.changed();
  return room;
};
