// Owns the properties that hold after any sequence of commands, also absurd ones.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import { deadlinesOf } from '../../src/incident/due.ts';
import type { EventType } from '../../src/incident/events.ts';
import { evolveCommit, replay } from '../../src/incident/evolve.ts';
import { emptyRoom, isOpen } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { ROLES, SEVERITIES, WORKING_PHASES } from '../../src/incident/words.ts';
import { agent, evidence, person, plan, policy, type RoomUnderTest, roomUnderTest } from '../support/room.ts';

const text = (...words: readonly string[]) => fc.constantFrom(...words.map((word) => safeText(word)));
const incident = fc.constantFrom('INC-2026-0001', 'INC-2026-0001', 'INC-2026-0001', 'INC-2026-0002', 'constructor');
const action = fc.constantFrom('A1', 'A1', 'A2', 'A3', 'A9');
const service = text('checkout', 'payments', 'search', 'vault');
const level = fc.constantFrom('sev1/initial', 'sev1/15min', 'sev2/initial', 'sev2/30min', 'sev3/initial');
const people = fc.constantFrom('ana', 'ben', 'chris');
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
  fc.record({ type: only('set-severity'), incident, severity, reason: text('', 'why') }),
  fc.record({ type: only('enter-phase'), incident, phase: fc.constantFrom(...WORKING_PHASES) }),
  fc.record({
    type: fc.constantFrom('claim-role' as const, 'release-role' as const),
    incident,
    role: fc.constantFrom(...ROLES),
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
]);

interface Step {
  /** `on` takes the newest action one natural step further: absurd commands alone would rarely get anywhere. */
  readonly command: Command | 'on';
  readonly by: string;
  readonly passMs: number;
}

const steps = fc.array(
  fc.record({
    command: fc.oneof({ weight: 3, arbitrary: commands }, { weight: 1, arbitrary: only('on') }),
    by: people,
    passMs: fc.constantFrom(0, 0, 1, 1_000, 29_999, 30_000, 900_000, 3_600_000),
  }),
  { minLength: 30, maxLength: 90 },
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

const play = (story: readonly Step[], afterEach: (room: RoomUnderTest) => void = () => {}): RoomUnderTest => {
  const room = roomUnderTest();
  for (const { command: asked, by, passMs } of story) {
    room.pass(passMs);
    const command = asked === 'on' ? nextStep(room) : asked;
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

const typesOf = (room: RoomUnderTest): readonly EventType[] =>
  room.commits().flatMap((commit) => commit.events.map((event) => event.type));

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

  it('page identities are never used twice', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const pages = play(story)
          .commits()
          .flatMap((commit) => commit.events.flatMap((event) => (event.type === 'page.requested' ? [event.page] : [])));
        expect(new Set(pages).size).toBe(pages.length);
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
          actor: agentOnly.has(command.type) ? agent : person(name),
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
    const context = { now: '2026-11-23T12:00:00.000Z', actor: person('ana'), policy };
    for (const id of ['INC-2026-9999', '__proto__', 'constructor', '']) {
      expect(decide(emptyRoom, { type: 'acknowledge', incident: id }, context)).toMatchObject({
        ok: false,
        refusal: { reason: 'no-such-incident' },
      });
    }
  });
});
