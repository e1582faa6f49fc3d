// Owns a small world for tests of the core: a policy, a moment, and a room that takes commands like the agent does.

import type { AlertTold, Command } from '../../src/incident/commands.ts';
import type { Actor, Commit } from '../../src/incident/commit.ts';
import { decide } from '../../src/incident/decide.ts';
import type { Decision } from '../../src/incident/decision.ts';
import { deadlinesOf } from '../../src/incident/due.ts';
import type { ActionPlan, Evidence, IncidentEvent } from '../../src/incident/events.ts';
import { evolveCommit } from '../../src/incident/evolve.ts';
import type { Permission } from '../../src/incident/permission.ts';
import { parseCondition } from '../../src/incident/policies/parse-condition.ts';
import type { Ladder, Policy, SeverityRule } from '../../src/incident/policies/policy.ts';
import { emptyRoom, type Incident, type Room } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, plusMs, SECOND, type Timestamp } from '../../src/incident/time.ts';
import type { Severity } from '../../src/incident/words.ts';

const ladder = (...levels: readonly [string, number, ...string[]][]): Ladder => ({
  levels: levels.map(([key, afterMs, ...contacts]) => ({ key, afterMs, contacts })),
  businessHoursOnly: false,
});

const rule = (id: string, severity: Severity, text: string, forMs: number): SeverityRule => {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${text}: expected ${parsed.expected}`);
  return { id, severity, when: parsed.condition, text, forMs };
};

const service = (core: boolean, dependsOn: readonly string[], production = false) => ({
  core,
  dependsOn,
  environment: { name: production ? 'eu-1' : 'staging', production },
  ladder: 'default',
  runbook: null,
  dashboards: [],
  actions: ['circuit-breaker', 'scale-down', 'restart', 'block'],
});

export const policy: Policy = {
  services: {
    checkout: service(true, ['payments']),
    payments: service(true, []),
    search: service(false, []),
    vault: service(true, [], true),
  },
  severities: {
    rules: [
      rule('errors-half', 'SEV1', 'errorRatio >= 0.5', 10 * SECOND),
      rule('core-out', 'SEV1', 'allChecksDown and core', 10 * SECOND),
      rule('errors-tenth', 'SEV2', 'errorRatio >= 0.1', 10 * SECOND),
      rule('five-times-slower', 'SEV2', 'p95 >= 5 * baseline(p95)', 10 * SECOND),
      rule('errors-above-baseline', 'SEV3', 'errorRatio >= max(0.01, 3 * baseline(errorRatio))', MINUTE),
    ],
    minimumRequestsPerSecond: 1,
    respondWithinMs: { SEV1: 0, SEV2: 15 * MINUTE, SEV3: HOUR, SEV4: 'business-hours' },
    definitions: { SEV1: 'critical', SEV2: 'major', SEV3: 'minor', SEV4: 'trivial' },
  },
  ladders: {
    default: {
      SEV1: ladder(
        ['initial', 0, 'on-call-engineer', 'incident-commander'],
        ['15min', 15 * MINUTE, 'engineering-manager'],
        ['30min', 30 * MINUTE, 'vp-engineering'],
        ['60min', HOUR, 'cto'],
      ),
      SEV2: ladder(
        ['initial', 0, 'on-call-engineer'],
        ['30min', 30 * MINUTE, 'incident-commander'],
        ['60min', HOUR, 'engineering-manager'],
      ),
      SEV3: ladder(['initial', 0, 'on-call-engineer'], ['2hours', 2 * HOUR, 'incident-commander']),
      SEV4: { ...ladder(['initial', 0, 'on-call-engineer']), businessHoursOnly: true },
    },
  },
  businessHours: { zone: 'UTC', days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', holidays: [] },
  channels: { 'on-call-engineer': ['webhook', 'log'] },
  sinks: {},
  responsibilities: {
    commander: ['Overall coordination', 'Escalation decisions'],
    tech: ['Technical diagnosis'],
    comms: ['Status page updates'],
    scribe: ['Timeline documentation'],
    'on-call': ['First responder'],
  },
  actions: {
    'circuit-breaker': { title: 'circuit breaker', confirm: 'key', expiresAfterMs: HOUR },
    'scale-down': { title: 'scale down', confirm: 'typed', expiresAfterMs: null },
    restart: { title: 'restart', confirm: 'none', expiresAfterMs: null },
    block: { title: 'block', confirm: 'two-person', expiresAfterMs: null },
  },
  acknowledgeForMs: { SEV1: 10 * MINUTE, SEV2: 30 * MINUTE, SEV3: 4 * HOUR, SEV4: 8 * HOUR },
  armForMs: 30 * SECOND,
  reopenWithinMs: 30 * MINUTE,
  recoveryAfterMs: MINUTE,
};

export const person = (name: string): Actor => ({ kind: 'person', name });
/** Whoever is not said to be less may do all. */
export const permissionOf = (actor: Actor): Permission | null => (actor.kind === 'person' ? 'commander' : null);
export const agent: Actor = { kind: 'agent', name: 'room' };
export const START: Timestamp = '2026-11-23T10:00:00.000Z';

export const evidence = (service: string, ruleId: string, since: Timestamp = START): Evidence => ({
  service,
  rule: ruleId,
  condition: 'errorRatio >= 0.1',
  since,
  samples: [{ at: since, errorRatio: 0.41, p95Seconds: 0.8, requestsPerSecond: 300 }],
});

export const plan: ActionPlan = {
  driver: 'http',
  target: 'http://127.0.0.1/control/checkout',
  changes: [{ path: '/enabled', before: 'false', after: 'true' }],
  touches: ['every request of checkout'],
  command: 'curl -X PUT …',
  inverse: 'sets /enabled back to false',
  before: { enabled: false },
  after: { enabled: true },
  version: '"1"',
};

/** An alert as its source tells it: firing, critical and about checkout unless told otherwise. */
export const alertTold = (
  fingerprint: string,
  more: Partial<Record<keyof AlertTold, string | boolean>> = {},
): AlertTold => ({
  source: String(more.source ?? 'am'),
  fingerprint,
  service: String(more.service ?? 'checkout'),
  givenSeverity: String(more.givenSeverity ?? 'critical'),
  message: safeText(String(more.message ?? 'too many errors')),
  firing: more.firing !== false,
});

/** A room that is driven by commands and moments, and keeps every commit. */
export const roomUnderTest = (its: Policy = policy) => {
  let room: Room = emptyRoom;
  let now = START;
  const commits: Commit[] = [];
  const run = (command: Command, actor: Actor): Decision => {
    const decision = decide(room, command, { now, actor, permission: permissionOf(actor), policy: its });
    if (decision.ok) {
      const commit: Commit = {
        v: 1,
        seq: commits.length + 1,
        prev: '',
        at: now,
        commandId: `c${commits.length}`,
        actor,
        events: decision.events,
      };
      commits.push(commit);
      room = evolveCommit(room, commit);
    }
    return decision;
  };
  const must = (decision: Decision): readonly IncidentEvent[] => {
    if (!decision.ok) throw new Error(`refused: ${decision.refusal.reason}: ${decision.refusal.message}`);
    return decision.events;
  };
  return {
    room: () => room,
    now: () => now,
    commits: () => commits,
    pass: (ms: number) => {
      now = plusMs(now, ms);
    },
    /** The decision, whatever it is. */
    asks: (name: string, command: Command) => run(command, person(name)),
    /** The events of a decision that must be allowed. */
    does: (name: string, command: Command) => must(run(command, person(name))),
    /** The decision for that actor. */
    by: (actor: Actor, command: Command) => run(command, actor),
    agentDoes: (command: Command) => must(run(command, agent)),
    agentAsks: (command: Command) => run(command, agent),
    incident: (id = 'INC-2026-0001'): Incident => {
      const incident = room.incidents[id];
      if (incident === undefined) throw new Error(`no ${id}`);
      return incident;
    },
    declares: (services: readonly string[] = ['checkout'], severity: Severity = 'SEV2') =>
      must(
        run(
          {
            type: 'declare',
            title: safeText('checkout fails'),
            services: services.map((name) => safeText(name)),
            severity,
          },
          person('ana'),
        ),
      ),
  };
};

export type RoomUnderTest = ReturnType<typeof roomUnderTest>;

/** Lets the agent do all that is due now, as its scheduler would. */
export const doWhatIsDue = (room: RoomUnderTest): void => {
  for (;;) {
    const due = deadlinesOf(room.room()).find((deadline) => deadline.at <= room.now());
    if (due === undefined) return;
    room.agentDoes(due.command);
  }
};

/** The reason of a refusal, or `allowed`. */
export const outcome = (decision: Decision): string => (decision.ok ? 'allowed' : decision.refusal.reason);

/** Takes an action from request to applied: planned, armed, confirmed by another key, started, observed. */
export const contain = (room: RoomUnderTest, name = 'circuit-breaker', by = 'ana'): string => {
  const requested = room.does(by, {
    type: 'contain',
    incident: null,
    service: safeText('checkout'),
    name: safeText(name),
    params: {},
    arm: true,
  })[0];
  if (requested?.type !== 'action.requested') throw new Error('not requested');
  const action = requested.action;
  room.agentDoes({ type: 'record-plan', action, plan });
  room.does(by, { type: 'confirm', action, typed: safeText('checkout') });
  room.agentDoes({ type: 'start-action', action });
  room.agentDoes({ type: 'record-applied', action, errorRatio: 0.41 });
  return action;
};
