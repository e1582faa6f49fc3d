// Owns a room for screens without an agent: commands are decided by the real core, outcomes and signals are told by hand.
import type { ConnectionState, RoomClient, RoomView } from '../../src/client/room-client.ts';
import { cardOf, isFound } from '../../src/incident/card.ts';
import { type PersonCommandInput, personCommandSchema } from '../../src/incident/commands.ts';
import { known, type Reading, type Signals } from '../../src/incident/signals.ts';
import type { Incident } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { toEpochMs, toTimestamp } from '../../src/incident/time.ts';
import type { RoomPolicy, SignalPoint } from '../../src/protocol/messages.ts';
import type { Answer, AnswerTo, Question } from '../../src/protocol/questions.ts';
import { policy, type RoomUnderTest, roomUnderTest } from './room.ts';

const LIMIT = 0.01;

export const roomPolicy: RoomPolicy = {
  services: Object.fromEntries(
    Object.entries(policy.services).map(([name, { ladder: _, ...service }]) => [
      name,
      { ...service, errorRatioLimit: LIMIT },
    ]),
  ),
  actions: policy.actions,
  severities: {
    SEV1: { definition: 'most users cannot use it', respond: 'immediate' },
    SEV2: { definition: 'a major part fails', respond: '15m' },
    SEV3: { definition: 'a minor part fails', respond: '1h' },
    SEV4: { definition: 'an annoyance', respond: 'business hours' },
  },
  roles: {
    commander: { title: 'Incident Commander', responsibilities: policy.responsibilities.commander },
    tech: { title: 'Technical Lead', responsibilities: policy.responsibilities.tech },
    comms: { title: 'Communications Lead', responsibilities: policy.responsibilities.comms },
    scribe: { title: 'Scribe', responsibilities: policy.responsibilities.scribe },
    'on-call': { title: 'On-Call Engineer', responsibilities: policy.responsibilities['on-call'] },
  },
  contacts: policy.channels,
};

export interface FakeRoom extends RoomClient {
  readonly story: RoomUnderTest;
  readonly sent: PersonCommandInput[];
  /** What the archive holds, newest first. */
  readonly archived: Incident[];
  /** What the signals of a service say from now on. */
  reads(
    service: string,
    errorRatio: Reading,
    more?: { readonly p95Seconds?: Reading; readonly requestsPerSecond?: Reading },
  ): void;
  checks(service: string, checks: Signals[string]['checks']): void;
  past(service: string, ratios: readonly (number | null)[]): void;
  connection(state: ConnectionState): void;
  /** Tells the screens that the story went on. */
  changed(): void;
  with(change: Partial<RoomView>): void;
  /** Where this terminal last said it looks. */
  looked(): { readonly at: string; readonly incident: string | null } | null;
}

export const fakeRoom = (me = 'ana', now?: () => number): FakeRoom => {
  const story = roomUnderTest();
  const listeners = new Set<() => void>();
  const sent: PersonCommandInput[] = [];
  const archived: Incident[] = [];
  let looked: ReturnType<FakeRoom['looked']> = null;
  let view: RoomView = {
    connection: { name: 'live' },
    me,
    agent: { version: '0.1.0', startedAt: story.now(), writable: true, held: 0 },
    seq: 0,
    room: story.room(),
    signals: {},
    history: {},
    policy: roomPolicy,
    presence: [],
    health: null,
  };
  const set = (change: Partial<RoomView>): void => {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  };
  const changed = (): void => set({ room: story.room(), seq: story.commits().length });
  return {
    story,
    sent,
    view: () => view,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: async (input) => {
      sent.push(input);
      const decision = story.asks(me, personCommandSchema.parse(input));
      if (!decision.ok) return decision;
      changed();
      const first = decision.events[0];
      const subject =
        first === undefined ? null : 'action' in first ? first.action : 'incident' in first ? first.incident : null;
      return { ok: true, seq: story.commits().length, subject };
    },
    archived,
    ask: async <Asked extends Question>(question: Asked) => {
      const found = archived.filter(
        (incident) => question.about === 'archive' && isFound(cardOf(incident), question.words),
      );
      const answer: Answer =
        question.about === 'archive'
          ? { about: 'archive', cards: found.slice(0, question.limit).map(cardOf), total: found.length }
          : { about: 'incident', incident: archived.find(({ id }) => id === question.incident) ?? null };
      return answer as AnswerTo<Asked>;
    },
    now: now ?? (() => toEpochMs(story.now())),
    looking: (at, incident) => {
      looked = { at, incident };
    },
    looked: () => looked,
    close: () => {},
    reads: (service, errorRatio, more = {}) => {
      const reading = {
        service,
        at: story.now(),
        errorRatio,
        p95Seconds: known(0.11),
        requestsPerSecond: known(96),
        ...more,
      };
      set({ signals: { ...view.signals, [service]: { reading, checks: view.signals[service]?.checks ?? [] } } });
    },
    checks: (service, checks) => {
      const before = view.signals[service];
      if (before === undefined) throw new Error(`${service} has no reading yet`);
      set({ signals: { ...view.signals, [service]: { ...before, checks } } });
    },
    past: (service, ratios) => {
      const end = now?.() ?? toEpochMs(story.now());
      const points = ratios.map(
        (errorRatio, index): SignalPoint => ({
          at: toTimestamp(end - (ratios.length - index) * 5_000),
          errorRatio,
          p95Seconds: 0.1,
          requestsPerSecond: 100,
        }),
      );
      set({ history: { ...view.history, [service]: points } });
    },
    connection: (connection) => set({ connection }),
    changed,
    with: set,
  };
};

export const check = (
  service: string,
  name: string,
  state: 'up' | 'down' | 'unknown',
  more: { readonly since: string; readonly detail?: string },
) => ({
  service,
  name,
  state,
  since: more.since,
  detail: safeText(more.detail ?? ''),
});
