// Owns rooms of any size for the benchmarks that draw them: folded from commits as a real one is, the same each time.
import { noPolicy } from '../src/client/replica.ts';
import type { RoomClient, RoomView } from '../src/client/room-client.ts';
import type { Actor } from '../src/incident/commit.ts';
import type { ActionPlan, IncidentEvent } from '../src/incident/events.ts';
import { evolveCommit } from '../src/incident/evolve.ts';
import { known, type ServiceSignals } from '../src/incident/signals.ts';
import { emptyRoom, type Room } from '../src/incident/state.ts';
import { safeText } from '../src/incident/text.ts';
import { HOUR, MINUTE, SECOND, toEpochMs, toTimestamp } from '../src/incident/time.ts';
import { ROLES, SEVERITIES } from '../src/incident/words.ts';
import type { AgentHealth, Presence, RoomPolicy, ServiceCard, SignalPoint } from '../src/protocol/messages.ts';

export interface RoomSize {
  readonly services: number;
  /** All open. */
  readonly incidents: number;
  /** Rows of the timeline of the shown incident. */
  readonly rows: number;
  readonly alerts: number;
  readonly silences: number;
  /** In place, in all incidents together. */
  readonly actions: number;
  readonly people: number;
  readonly sources: number;
  /** All of it is over: every incident is closed. */
  readonly isCalm?: boolean;
}

export const NOW = toEpochMs('2026-11-22T12:00:00.000Z');
const START = NOW - 6 * HOUR;
/** The shown one is the newest of the worst. */
export const shownIncident = (size: RoomSize): string => incidentId(size.incidents);

const AGENT: Actor = { kind: 'agent', name: 'room' };
const PEOPLE = 'ana ben chris dora emil fay gus hana ivo jule'.split(' ');

const incidentId = (number: number): string => `INC-2026-${String(number).padStart(4, '0')}`;
export const serviceName = (number: number): string => `service-${String(number).padStart(3, '0')}`;
const personName = (number: number): string =>
  `${PEOPLE[number % PEOPLE.length]}${Math.floor(number / PEOPLE.length) || ''}`;
const person = (number: number): Actor => ({ kind: 'person', name: personName(number) });
const at = (agoMs: number): string => toTimestamp(NOW - agoMs);

const plan: ActionPlan = {
  driver: 'http',
  target: 'http://127.0.0.1:9/admin',
  changes: [{ path: 'circuitBreaker', before: 'off', after: 'on' }],
  touches: ['answers of the cache instead of payments, for all customers'],
  command: 'curl -X PUT http://127.0.0.1:9/admin -d \'{"circuitBreaker":true}\'',
  inverse: 'circuitBreaker: on → off',
  before: { circuitBreaker: false },
  after: { circuitBreaker: true },
  version: null,
};

/** Folds events into a room, a commit each. */
const folding = () => {
  let room: Room = emptyRoom;
  let seq = 0;
  return {
    tell: (atMs: number, actor: Actor, ...events: readonly IncidentEvent[]): void => {
      seq += 1;
      room = evolveCommit(room, { seq, at: toTimestamp(atMs), actor, events });
    },
    told: (): { readonly room: Room; readonly seq: number } => ({ room, seq }),
  };
};

type Telling = ReturnType<typeof folding>;

const declare = ({ tell }: Telling, size: RoomSize, number: number): void => {
  const incident = incidentId(number);
  const isShown = incident === shownIncident(size);
  const service = serviceName(number % size.services);
  const severity = isShown ? 'SEV1' : (SEVERITIES[1 + (number % 3)] ?? 'SEV3');
  tell(START + number * SECOND, AGENT, {
    type: 'incident.declared',
    incident,
    title: safeText(`${service} answers with errors, ${number} of many`),
    severity,
    services: isShown ? [service, serviceName((number + 1) % size.services)] : [service],
    environment: { name: 'eu-1', production: true },
    cause: 'rule',
    evidence: null,
    follows: null,
    people: null,
  });
  tell(START + number * SECOND, AGENT, {
    type: 'escalation.started',
    incident,
    ladder: 'default',
    severity,
    levels: [0, 15, 30, 60].map((minutes) => ({
      level: `sev/${minutes}`,
      dueAt: toTimestamp(NOW + (minutes - 20) * MINUTE + 30 * SECOND),
      contacts: [{ contact: personName(minutes), channels: ['log'] }],
    })),
  });
};

const contain = ({ tell }: Telling, size: RoomSize, number: number): void => {
  // Half of them in the shown one.
  const incident = number % 2 === 1 ? shownIncident(size) : incidentId(1 + (number % size.incidents));
  const action = `A${number}`;
  const of = { incident, action };
  const service = serviceName(number % size.services);
  const by = person(number);
  const name = number % 2 === 0 ? 'circuit-breaker' : `scale-${number}`;
  const atMs = START + HOUR + number * SECOND;
  tell(atMs, by, {
    type: 'action.requested',
    ...of,
    service,
    name,
    params: {},
    arm: true,
    undoes: null,
    automatic: false,
  });
  tell(atMs, AGENT, { type: 'action.planned', ...of, plan, confirm: 'key', expiresAfterMs: HOUR });
  tell(atMs, AGENT, { type: 'action.armed', ...of, person: by.name, until: toTimestamp(atMs + 30 * SECOND) });
  tell(atMs, by, { type: 'action.confirmed', ...of, person: by.name });
  tell(atMs, AGENT, { type: 'action.started', ...of });
  tell(atMs, AGENT, {
    type: 'action.applied',
    ...of,
    errorRatioBefore: 0.41,
    expiresAt: toTimestamp(NOW + HOUR + number * SECOND),
  });
};

const assignRoles = ({ tell }: Telling, size: RoomSize): void => {
  const incident = shownIncident(size);
  // Everybody had every role once, as over a long night.
  for (let number = 0; number < size.people; number++) {
    for (const role of ROLES) {
      const atMs = START + 2 * HOUR + number * MINUTE;
      tell(atMs, person(number), { type: 'role.assigned', incident, role, person: personName(number) });
    }
  }
};

const storm = ({ tell }: Telling, size: RoomSize): void => {
  for (let number = 0; number < size.alerts; number++) {
    tell(
      START + 3 * HOUR + number * 10,
      { kind: 'source', name: 'alertmanager' },
      {
        type: 'alert.joined',
        incident: shownIncident(size),
        alert: {
          source: 'alertmanager',
          fingerprint: `f${number}`,
          service: serviceName(number % size.services),
          message: safeText(`instance ${number} fails its readiness probe`),
          givenSeverity: 'critical',
        },
        severity: 'SEV1',
        severityKnown: true,
      },
    );
  }
};

const silence = ({ tell }: Telling, size: RoomSize, number: number): void =>
  tell(START + HOUR, person(number), {
    type: 'silence.set',
    silence: `SIL-${number}`,
    services: [serviceName((number * 7) % size.services)],
    startsAt: toTimestamp(START + HOUR),
    endsAt: toTimestamp(NOW + HOUR + number * MINUTE),
    reason: safeText(`deploy ${number} of the week`),
  });

/** Fills the timeline up to as many rows: what people and the room say in a long night. */
const talk = ({ tell, told }: Telling, size: RoomSize): void => {
  const incident = shownIncident(size);
  const rows = told().room.incidents[incident]?.timeline.length ?? 0;
  for (let number = rows; number < size.rows; number++) {
    const atMs = START + 4 * HOUR + Math.floor((number / size.rows) * (2 * HOUR - 10 * MINUTE));
    const evidence = {
      service: serviceName(number % size.services),
      rule: 'errors-tenth',
      condition: 'errorRatio >= 0.1',
      since: toTimestamp(atMs),
      samples: [{ at: toTimestamp(atMs), errorRatio: 0.2, p95Seconds: 0.4, requestsPerSecond: 90 }],
    };
    if (number % 5 === 0)
      tell(atMs, person(number), {
        type: 'note.added',
        incident,
        note: `${incident}/n${number}`,
        text: safeText(`looked at the release of instance ${number}: same version, same failures as on the other side`),
      });
    else tell(atMs, AGENT, { type: 'breach.joined', incident, severity: 'SEV2', evidence });
  }
};

const closeAll = ({ tell }: Telling, size: RoomSize): void => {
  for (let number = 1; number <= size.incidents; number++) {
    const incident = incidentId(number);
    tell(NOW - HOUR, person(number), { type: 'incident.resolved', incident, left: [] });
    tell(NOW - HOUR, person(number), { type: 'incident.closed', incident, falseAlarm: false, reason: safeText('') });
  }
};

const roomOf = (size: RoomSize): { readonly room: Room; readonly seq: number } => {
  const telling = folding();
  for (let number = 1; number <= size.incidents; number++) declare(telling, size, number);
  for (let number = 0; number < size.silences; number++) silence(telling, size, number);
  for (let number = 1; number <= size.actions; number++) contain(telling, size, number);
  assignRoles(telling, size);
  storm(telling, size);
  talk(telling, size);
  if (size.isCalm === true) closeAll(telling, size);
  return telling.told();
};

const POINTS = 240;

export const signalsAt = (number: number, agoMs: number, turn = 0): ServiceSignals => {
  const service = serviceName(number);
  const isFailing = number % 10 === 1;
  return {
    reading: {
      service,
      at: at(agoMs),
      errorRatio: known(isFailing ? 0.41 + (turn % 7) / 100 : 0.002),
      p95Seconds: known(0.11 + ((number + turn) % 10) / 10),
      requestsPerSecond: known(90 + ((number + turn) % 50)),
    },
    checks: ['http', 'db'].map((name, index) => ({
      service,
      name,
      state: isFailing && index === 0 ? 'down' : 'up',
      since: at(HOUR),
      detail: safeText(isFailing && index === 0 ? 'timeout after 2 s' : '200 in 12 ms'),
    })),
  };
};

const historyOf = (number: number): readonly SignalPoint[] =>
  Array.from({ length: POINTS }, (_, index) => ({
    at: at((POINTS - index) * 2 * SECOND),
    errorRatio: number % 10 === 1 && index > POINTS / 2 ? 0.41 : 0.002 + (index % 5) / 1_000,
    p95Seconds: 0.1 + (index % 7) / 100,
    requestsPerSecond: 90 + (index % 11),
  }));

const cardOf = (number: number): ServiceCard => ({
  core: number % 5 === 0,
  dependsOn: number === 0 ? [] : [serviceName(Math.floor(number / 4))],
  environment: { name: 'eu-1', production: true },
  runbook: `https://runbooks.example/${serviceName(number)}`,
  dashboards: [{ title: 'overview', url: `https://dashboards.example/${serviceName(number)}` }],
  actions: ['circuit-breaker', 'scale-up'],
  errorRatioLimit: 0.01,
});

const byName = <One>(count: number, of: (number: number) => One): Readonly<Record<string, One>> =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [serviceName(number), of(number)]));

const policyOf = (size: RoomSize): RoomPolicy => ({
  ...noPolicy,
  services: byName(size.services, cardOf),
  actions: {
    'circuit-breaker': { title: 'answers from the cache', confirm: 'key' },
    'scale-up': { title: 'twice as many instances', confirm: 'key' },
  },
  contacts: Object.fromEntries(Array.from({ length: size.people }, (_, number) => [personName(number), ['log']])),
  roles: {
    ...noPolicy.roles,
    commander: { title: 'Incident Commander', responsibilities: ['Overall coordination', 'Escalation decisions'] },
    tech: { title: 'Technical Lead', responsibilities: ['Technical diagnosis', 'Fix'] },
  },
});

const presenceOf = (size: RoomSize): readonly Presence[] =>
  Array.from({ length: size.people }, (_, number) => ({
    name: personName(number),
    at: number % 3 === 0 ? 'timeline' : 'room',
    incident: shownIncident(size),
    since: at(HOUR),
    skewMs: 0,
  }));

const healthOf = (size: RoomSize): AgentHealth => ({
  sources: Array.from({ length: size.sources }, (_, number) => ({
    source: number === 0 ? 'prometheus' : `scrape of ${serviceName(number)}`,
    kind: 'asked',
    lastSuccessAt: at(SECOND),
    lastError: null,
    failing: false,
    tookMs: 12,
    perMinute: 30,
    skewMs: null,
  })),
  append: { p50Ms: 0.4, p99Ms: 1.2, count: 12_000 },
  clients: size.people,
  memoryBytes: 120_000_000,
  configurationLoadedAt: toTimestamp(START),
  configurationDirectory: '/etc/warroom',
});

/** The room as a terminal knows it, six hours into the night. */
export const viewOfSize = (size: RoomSize): RoomView => ({
  connection: { name: 'live' },
  me: personName(0),
  agent: { version: '0.0.0', startedAt: toTimestamp(START), writable: true, held: 0 },
  ...roomOf(size),
  signals: byName(size.services, (number) => signalsAt(number, SECOND)),
  history: byName(size.services, historyOf),
  policy: policyOf(size),
  presence: presenceOf(size),
  health: healthOf(size),
});

export interface StillClient extends RoomClient {
  /** Shows another picture, and tells whoever listens. */
  show(view: RoomView): void;
}

/** A connection to nobody: what it shows changes by `show` alone, and its clock stands unless `now` moves. */
export const stillClient = (first: RoomView, now: () => number = () => NOW): StillClient => {
  const listeners = new Set<() => void>();
  let view = first;
  return {
    view: () => view,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: () => new Promise(() => {}),
    ask: () => new Promise(() => {}),
    looking: () => {},
    now,
    close: () => {},
    show: (next) => {
      view = next;
      for (const listener of listeners) listener();
    },
  };
};
