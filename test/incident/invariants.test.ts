// Owns the properties that hold after any sequence of commands, also absurd ones.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unsent } from '../../src/agent/reactors/outgoing.ts';
import { alertsIn } from '../../src/incident/alerts.ts';
import type { Command } from '../../src/incident/commands.ts';
import type { Actor } from '../../src/incident/commit.ts';
import { decide } from '../../src/incident/decide.ts';
import { deadlinesOf } from '../../src/incident/due.ts';
import type { EventType, IncidentEvent } from '../../src/incident/events.ts';
import { evolve, evolveCommit, replay } from '../../src/incident/evolve.ts';
import type { Policy } from '../../src/incident/policies/policy.ts';
import { silenceOver } from '../../src/incident/silences.ts';
import { emptyRoom, isOpen } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { MINUTE, plusMs } from '../../src/incident/time.ts';
import { ROLES, SEVERITIES, WORKING_PHASES } from '../../src/incident/words.ts';
import {
  agent,
  alertTold,
  evidence,
  permissionOf,
  person,
  plan,
  policy,
  type RoomUnderTest,
  roomUnderTest,
} from '../support/room.ts';

const text = (...words: readonly string[]) => fc.constantFrom(...words.map((word) => safeText(word)));
const incident = fc.constantFrom('INC-2026-0001', 'INC-2026-0001', 'INC-2026-0001', 'INC-2026-0002', 'constructor');
const action = fc.constantFrom('A1', 'A1', 'A2', 'A3', 'A9');
const service = text('checkout', 'payments', 'search', 'vault');
const level = fc.constantFrom('sev1/initial', 'sev1/15min', 'sev2/initial', 'sev2/30min', 'sev3/initial');
const silenceId = fc.constantFrom('S1', 'S2', 'S3', '__proto__');
const people = fc.constantFrom('ana', 'ben', 'chris');
const role = fc.constantFrom('commander', ...ROLES);
const severity = fc.constantFrom(...SEVERITIES);
const only = <T extends string>(type: T) => fc.constant(type);

const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: only('declare'),
    title: text('it fails'),
    services: fc.array(service, { minLength: 1, maxLength: 2 }),
    severity,
  }),
  fc.record({ type: only('report-breach'), severity, evidence: service.map((name) => evidence(name, 'errors-tenth')) }),
  fc.record({
    type: only('report-alert'),
    source: text('am'),
    fingerprint: text('f1', '__proto__'),
    service,
    givenSeverity: text('critical', 'odd'),
    message: text('m'),
    firing: fc.boolean(),
  }),
  fc.record({
    type: only('report-alerts'),
    alerts: fc.array(
      fc
        .record({
          fingerprint: fc.constantFrom('f1', 'f2', '__proto__', 'constructor'),
          source: fc.constantFrom('am', 'grafana'),
          service,
          givenSeverity: fc.constantFrom('critical', 'warning', 'odd'),
          firing: fc.boolean(),
        })
        .map(({ fingerprint, ...more }) => alertTold(fingerprint, more)),
      { maxLength: 5 },
    ),
  }),
  fc.record({
    type: only('silence'),
    services: fc.array(text('checkout', 'search', '*', 'payments'), { minLength: 1, maxLength: 2 }),
    startsInMs: fc.constantFrom(0, 0, 1_000, 900_000),
    forMs: fc.constantFrom(MINUTE, 900_000, 3_600_000),
    reason: text('deploy'),
  }),
  fc.record({ type: fc.constantFrom('lift-silence' as const, 'end-silence' as const), silence: silenceId }),
  fc.record({
    type: only('assign-role'),
    incident,
    role,
    person: text('ana', 'ben', 'dora'),
  }),
  fc.record({
    type: only('set-duty'),
    incident,
    role,
    duty: text('1', '1', 'First responder', '__proto__'),
    done: fc.boolean(),
  }),
  fc.record({
    type: only('test-contact'),
    contact: text('on-call-engineer', 'nobody'),
    channel: fc.option(text('log', 'slack')),
  }),
  fc.record({ type: only('miss-response'), incident }),
  fc.record({ type: only('note-configuration'), problem: fc.option(only('services.yaml:3: odd')) }),
  fc.record({ type: only('set-severity'), incident, severity, reason: text('', 'why') }),
  fc.record({ type: only('enter-phase'), incident, phase: fc.constantFrom(...WORKING_PHASES) }),
  fc.record({
    type: fc.constantFrom('claim-role' as const, 'release-role' as const),
    incident,
    role,
  }),
  fc.record({ type: only('acknowledge'), incident }),
  fc.record({ type: only('add-note'), incident, text: text('n') }),
  fc.record({
    type: only('contain'),
    incident: fc.option(incident),
    service,
    name: text('circuit-breaker', 'scale-down', 'restart', 'block'),
    params: fc.constant({}),
    arm: fc.boolean(),
  }),
  fc.record({ type: only('undo'), action, arm: fc.boolean() }),
  fc.record({ type: fc.constantFrom('arm' as const, 'disarm' as const), action }),
  fc.record({ type: only('confirm'), action, typed: text('checkout', 'vault', 'x') }),
  fc.record({ type: only('record-plan'), action, plan: fc.constant(plan) }),
  fc.record({
    type: only('refuse-plan'),
    action,
    reason: only('conflict'),
    detail: only('d'),
    changes: fc.constant([]),
  }),
  fc.record({
    type: fc.constantFrom('start-action' as const, 'expire-arm' as const, 'expire-containment' as const),
    action,
  }),
  fc.record({ type: only('record-applied'), action, errorRatio: fc.option(fc.constant(0.1)) }),
  fc.record({ type: only('record-failed'), action, reason: only('timeout'), detail: only('d') }),
  fc.record({ type: only('record-unknown'), action, detail: only('d') }),
  fc.record({ type: only('reach-level'), incident, level }),
  fc.record({ type: only('expire-acknowledgement'), incident }),
  fc.record({
    type: only('propose-recovery'),
    incident,
    since: fc.constant('2026-11-23T10:00:00.000Z'),
    samples: fc.constant([]),
  }),
  fc.record({ type: only('resolve'), incident }),
  fc.record({ type: only('reopen'), incident, reason: text('') }),
  fc.record({ type: only('close'), incident, falseAlarm: fc.boolean(), reason: text('') }),
);

const agentOnly = new Set<Command['type']>([
  'report-breach',
  'record-plan',
  'refuse-plan',
  'start-action',
  'expire-arm',
  'expire-containment',
  'record-applied',
  'record-failed',
  'record-unknown',
  'reach-level',
  'expire-acknowledgement',
  'propose-recovery',
  'report-alerts',
  'end-silence',
  'miss-response',
  'note-configuration',
  'record-sent',
  'record-not-sent',
]);

/** Everything goes to two sinks, so that messages are part of every story. */
const announcing: Policy = { ...policy, sinks: { slack: { channel: 'slack' }, mail: { channel: 'email' } } };

interface Step {
  /** `on` takes the newest action, `out` something on its way out, one natural step further: absurd commands alone would rarely get anywhere. */
  readonly command: Command | 'on' | 'out';
  readonly by: string;
  readonly passMs: number;
}

const steps = fc.array(
  fc.record({
    command: fc.oneof(
      { weight: 7, arbitrary: commands },
      { weight: 3, arbitrary: only('on') },
      { weight: 1, arbitrary: only('out') },
    ),
    by: people,
    passMs: fc.constantFrom(0, 0, 1, 1_000, 29_999, 30_000, 900_000, 3_600_000),
  }),
  { minLength: 40, maxLength: 100 },
);

const nextStep = (room: RoomUnderTest): Command | null => {
  const newest = Object.values(room.room().incidents)
    .flatMap((one) => Object.values(one.actions))
    .at(-1);
  switch (newest?.state.name) {
    case 'requested':
      return { type: 'record-plan', action: newest.id, plan };
    case 'planned':
      return { type: 'arm', action: newest.id };
    case 'armed':
      return { type: 'confirm', action: newest.id, typed: safeText(newest.service) };
    case 'confirmed':
      return { type: 'start-action', action: newest.id };
    case 'started':
      return { type: 'record-applied', action: newest.id, errorRatio: 0.2 };
    case 'applied':
      return { type: 'undo', action: newest.id, arm: true };
    default:
      return null;
  }
};

/** The oldest thing on its way out is tried: every second time it arrives. */
const nextOutcome = (room: RoomUnderTest): Command | null => {
  const due = unsent(room.room())[0];
  if (due === undefined) return null;
  const { parcel, delivery } = due;
  if (room.commits().length % 2 === 0) return { type: 'record-sent', parcel, tookMs: 5, possibleDuplicate: false };
  const retryAt = delivery.tries > 1 ? null : plusMs(room.now(), 2_000);
  return { type: 'record-not-sent', parcel, reason: 'timeout: 10 s', retryAt, mayHaveArrived: true };
};

const play = (story: readonly Step[], afterEach: (room: RoomUnderTest) => void = () => {}): RoomUnderTest => {
  const room = roomUnderTest(announcing);
  for (const { command: asked, by, passMs } of story) {
    room.pass(passMs);
    const command = asked === 'on' ? nextStep(room) : asked === 'out' ? nextOutcome(room) : asked;
    if (command === null) continue;
    if (agentOnly.has(command.type)) room.agentAsks(command);
    else room.asks(by, command);
    // Deadlines fall due between the steps of people, as they would in the agent.
    const due = deadlinesOf(room.room()).find((deadline) => deadline.at <= room.now());
    if (due !== undefined) room.agentAsks(due.command);
    afterEach(room);
  }
  return room;
};

const eventsOf = (room: RoomUnderTest): readonly IncidentEvent[] => room.commits().flatMap((commit) => commit.events);

const typesOf = (room: RoomUnderTest): readonly EventType[] => eventsOf(room).map((event) => event.type);

const by = (actor: Actor) => ({ actor, permission: permissionOf(actor) });

describe('after any sequence of commands', () => {
  it('there is at most one commander, and each change of command passes through none', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const holder = new Map<string, string | null>();
        for (const commit of play(story).commits()) {
          for (const event of commit.events) {
            if (event.type === 'role.assigned' && event.role === 'commander') {
              expect(holder.get(event.incident) ?? null).toBeNull();
              holder.set(event.incident, event.person);
            }
            if (event.type === 'role.released' && event.role === 'commander') holder.set(event.incident, null);
          }
        }
      }),
    );
  });

  it('nothing started without a plan, an arm and a confirm before it, in that order', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const passed = new Map<string, string[]>();
        for (const event of play(story)
          .commits()
          .flatMap((commit) => commit.events)) {
          if (!('action' in event)) continue;
          const before = passed.get(event.action) ?? [];
          if (event.type === 'action.started')
            expect(before.slice(-3)).toEqual(['action.planned', 'action.armed', 'action.confirmed']);
          if (event.type === 'action.applied') expect(before).toContain('action.started');
          passed.set(event.action, [...before, event.type]);
        }
      }),
    );
  });

  it('a resolved incident asks for no page and has none waiting', () => {
    fc.assert(
      fc.property(steps, (story) => {
        play(story, (room) => {
          for (const incident of Object.values(room.room().incidents)) {
            if (isOpen(incident)) continue;
            const waiting = Object.values(incident.pages).filter(
              (page) => page.state === 'pending' || page.state === 'retrying',
            );
            expect(waiting).toEqual([]);
          }
          const open = new Set(
            Object.values(room.room().incidents)
              .filter(isOpen)
              .map((incident) => incident.id),
          );
          const last = room.commits().at(-1)?.events ?? [];
          for (const event of last) if (event.type === 'page.requested') expect(open).toContain(event.incident);
        });
      }),
    );
  });

  it('replaying the log, also through JSON, gives the same state to the byte', () => {
    const hash = (state: unknown): string => createHash('sha256').update(JSON.stringify(state)).digest('hex');
    fc.assert(
      fc.property(steps, (story) => {
        const room = play(story);
        const commits = JSON.parse(JSON.stringify(room.commits())) as ReturnType<RoomUnderTest['commits']>;
        expect(hash(replay(commits))).toBe(hash(room.room()));
        const middle = Math.floor(commits.length / 2);
        const saved = JSON.parse(JSON.stringify(replay(commits.slice(0, middle))));
        expect(hash(commits.slice(middle).reduce(evolveCommit, saved))).toBe(hash(room.room()));
      }),
    );
  });

  it('a closed incident has an empty ledger', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const room = play(story);
        for (const incident of Object.values(room.room().incidents)) {
          if (incident.phase !== 'closed') continue;
          const inPlace = Object.values(incident.actions).filter(
            (one) => one.undoes === null && ['applied', 'unknown', 'started'].includes(one.state.name),
          );
          expect(inPlace).toEqual([]);
        }
      }),
    );
  });

  it('identities of pages, messages, tests, silences and incidents are never used twice', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const ids = eventsOf(play(story)).flatMap((event) => {
          switch (event.type) {
            case 'page.requested':
              return [event.page];
            case 'message.queued':
              return [event.message];
            case 'test.requested':
              return [event.test];
            case 'silence.set':
              return [event.silence];
            case 'incident.declared':
              return [event.incident];
            default:
              return [];
          }
        });
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('a role has at most one holder, and its history says the same', () => {
    fc.assert(
      fc.property(steps, (story) => {
        play(story, (room) => {
          for (const { roles, roleHistory } of Object.values(room.room().incidents)) {
            for (const role of ROLES) {
              const its = roleHistory.filter((stretch) => stretch.role === role);
              const present = its.filter((stretch) => stretch.until === null);
              const holder = roles[role];
              expect(present.map(({ person, from }) => ({ person, since: from }))).toEqual(
                holder === null ? [] : [holder],
              );
              // One after the other, without overlap.
              for (const [index, stretch] of its.entries()) {
                if (stretch.until !== null) expect(stretch.until >= stretch.from).toBe(true);
                const next = its[index + 1];
                if (next !== undefined) expect(stretch.until !== null && stretch.until <= next.from).toBe(true);
              }
            }
          }
        });
      }),
    );
  });

  it('the counts of alerts are what a recount gives, in incidents and in silences', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const { incidents, silences } = play(story).room();
        for (const { alerts, alertCount } of [...Object.values(incidents), ...Object.values(silences)]) {
          const all = alertsIn(alerts);
          expect(alertCount).toEqual({
            known: all.length,
            firing: all.filter((alert) => alert.clearedAt === null).length,
            told: all.reduce((sum, alert) => sum + alert.count, 0),
          });
        }
      }),
    );
  });

  it('no rule and no alert opens, reopens or joins anything for a service in a silence in force', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const room = play(story);
        let state = emptyRoom;
        for (const commit of room.commits()) {
          const before = state;
          for (const event of commit.events) {
            const isSilenced = (service: string) => silenceOver(state, service, commit.at) !== null;
            const workedOn = 'incident' in event ? before.incidents[event.incident]?.services : undefined;
            if (event.type === 'incident.declared' && event.cause !== 'person')
              expect(event.services.filter(isSilenced)).toEqual([]);
            if (event.type === 'alert.joined' && !workedOn?.includes(event.alert.service))
              expect(isSilenced(event.alert.service)).toBe(false);
            if (event.type === 'breach.joined' && !workedOn?.includes(event.evidence.service))
              expect(isSilenced(event.evidence.service)).toBe(false);
            if (event.type === 'incident.reopened' && commit.actor.kind !== 'person')
              expect(workedOn?.every(isSilenced)).toBe(false);
            state = evolve(state, event, commit);
          }
        }
      }),
    );
  });

  it('what was queued reached an end or is still to be sent, and no silence outlives its time', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const room = play(story);
        const events = eventsOf(room);
        const ended = new Set(
          events.flatMap((event) =>
            event.type === 'message.sent' || (event.type === 'message.failed' && event.retryAt === null)
              ? [event.message]
              : [],
          ),
        );
        const messages = Object.values(room.room().incidents).flatMap((one) => Object.values(one.messages));
        const queued = events.flatMap((event) => (event.type === 'message.queued' ? [event.message] : []));
        expect(messages.map(({ message }) => message).toSorted()).toEqual(queued.toSorted());
        const isOut = ({ state }: { readonly state: string }) => state === 'sent' || state === 'failed';
        for (const message of messages) expect(isOut(message)).toBe(ended.has(message.message));
        // Of those without an end, each sink of each incident has its oldest in the queue.
        const waiting = new Set(
          messages.filter((message) => !isOut(message)).map(({ message, sink }) => `${message.split('/')[0]} ${sink}`),
        );
        const due = unsent(room.room()).flatMap(({ parcel }) => (parcel.kind === 'message' ? [parcel] : []));
        expect(new Set(due.map(({ incident: id, message }) => `${id} ${message.split('/')[2]}`))).toEqual(waiting);
        for (const { at, command } of deadlinesOf(room.room())) {
          const isDue = at <= room.now() && (command.type === 'end-silence' || command.type === 'miss-response');
          if (isDue) expect(room.agentAsks(command)).toMatchObject({ ok: true });
        }
        for (const silence of Object.values(room.room().silences))
          expect(silence.ended !== null || silence.endsAt > room.now()).toBe(true);
      }),
    );
  });

  it('the sequences reach the interesting states at all', () => {
    const seen = new Set<EventType>();
    fc.assert(
      fc.property(steps, (story) => {
        for (const type of typesOf(play(story))) seen.add(type);
      }),
      { numRuns: 800, seed: 7 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'action.armed',
        'page.requested',
        'incident.closed',
        'severity.lowered',
        'acknowledgement.expired',
        'action.undone',
        'alert.held',
        'held_alert.cleared',
        'breach.held',
        'silence.ended',
        'alert.cleared',
        'incident.reopened',
        'role.released',
        'duty.reopened',
        'response.missed',
        'test.requested',
        'message.sent',
        'message.failed',
        'configuration.loaded',
      ]),
    );
  });
});

describe('deciding', () => {
  it('depends on its arguments alone: twice the same question, twice the same answer, and nothing changed', () => {
    fc.assert(
      fc.property(steps, commands, people, (story, command, name) => {
        const room = play(story).room();
        const before = JSON.stringify(room);
        const context = {
          now: '2026-11-23T12:00:00.000Z',
          ...by(agentOnly.has(command.type) ? agent : person(name)),
          policy,
        };
        const first = decide(room, command, context);
        const realNow = Date.now;
        const realRandom = Math.random;
        Date.now = () => 0;
        Math.random = () => 0;
        try {
          expect(decide(room, command, context)).toEqual(first);
        } finally {
          Date.now = realNow;
          Math.random = realRandom;
        }
        expect(JSON.stringify(room)).toBe(before);
      }),
    );
  });

  it('refuses everything about incidents that do not exist', () => {
    const context = { now: '2026-11-23T12:00:00.000Z', ...by(person('ana')), policy };
    for (const id of ['INC-2026-9999', '__proto__', 'constructor', '']) {
      expect(decide(emptyRoom, { type: 'acknowledge', incident: id }, context)).toMatchObject({
        ok: false,
        refusal: { reason: 'no-such-incident' },
      });
    }
  });
});
