// Owns how what belongs to the whole room changes with each fact: silences, tests of contacts, the configuration.
import { afterClockJump } from './clock-set-back.ts';
import type { EventOf, IncidentEvent } from './events.ts';
import type { EventContext } from './evolve.ts';
import { noAlertCount, withCleared, withFiring } from './evolve-alerts.ts';
import { afterFailed, afterSent, toBeSent } from './evolve-delivery.ts';
import { withoutRest } from './false-alarms.ts';
import { own } from './own.ts';
import { hasUntold } from './silences.ts';
import type { Room, Silence, TestPage } from './state.ts';

const ROOM_EVENTS = [
  'agent.started',
  'clock.jumped',
  'agent.stalled',
  'false_alarm.ended',
  'log.resumed',
  'configuration.loaded',
  'configuration.refused',
  'token.added',
  'token.revoked',
  'silence.set',
  'silence.ended',
  'alert.held',
  'held_alert.cleared',
  'held_alerts.told',
  'breach.held',
  'test.requested',
  'test.sent',
  'test.failed',
] as const;

export type RoomEvent = EventOf<(typeof ROOM_EVENTS)[number]>;

const roomEvents: ReadonlySet<string> = new Set(ROOM_EVENTS);

export const isOfRoom = (event: IncidentEvent): event is RoomEvent => roomEvents.has(event.type);

const ENDED_KEPT = 50;
const TESTS_KEPT = 20;

export const evolveRoom = (room: Room, event: RoomEvent, context: EventContext): Room => {
  switch (event.type) {
    case 'agent.started':
      return { ...room, agentStartedAt: context.at };
    case 'clock.jumped':
      return afterClockJump(room, event.byMs, context.at);
    case 'false_alarm.ended':
      return withoutRest(room, [event]);
    case 'agent.stalled':
    case 'log.resumed':
    case 'token.added':
    case 'token.revoked':
      return room;
    case 'configuration.loaded':
      return { ...room, configurationRefused: null };
    case 'configuration.refused':
      return { ...room, configurationRefused: { at: context.at, problem: event.problem } };
    case 'silence.set':
      return {
        ...room,
        silences: { ...withoutOldest(room.silences), [event.silence]: silenceSet(event, context) },
        silencesNumbered: room.silencesNumbered + 1,
      };
    case 'silence.ended':
      return withSilence(room, event.silence, (silence) => ({
        ...silence,
        ended: { at: context.at, because: event.because, by: context.actor.name },
      }));
    case 'alert.held':
      return withSilence(room, event.silence, (silence) => withFiring(silence, event, context.at));
    case 'held_alert.cleared':
      return withSilence(room, event.silence, (silence) => withCleared(silence, event.alert, context.at));
    case 'held_alerts.told':
      return withSilence(room, event.silence, (silence) => ({ ...silence, toldUpTo: event.upTo }));
    case 'breach.held':
      return withSilence(room, event.silence, (silence) => ({
        ...silence,
        breaches: [...silence.breaches, { service: event.evidence.service, rule: event.evidence.rule, at: context.at }],
      }));
    case 'test.requested':
      return {
        ...room,
        tests: { ...latest(room.tests, TESTS_KEPT - 1), [event.test]: testRequested(event, context) },
        testsNumbered: room.testsNumbered + 1,
      };
    case 'test.sent':
      return withTest(room, event.test, (test) => afterSent(test, event, context.at));
    case 'test.failed':
      return withTest(room, event.test, (test) => afterFailed(test, event));
    default:
      return event satisfies never;
  }
};

const silenceSet = (event: EventOf<'silence.set'>, context: EventContext): Silence => ({
  id: event.silence,
  services: event.services,
  startsAt: event.startsAt,
  endsAt: event.endsAt,
  reason: event.reason,
  by: context.actor.name,
  setAt: context.at,
  ended: null,
  alerts: {},
  alertCount: noAlertCount,
  breaches: [],
  toldUpTo: 0,
});

const testRequested = (event: EventOf<'test.requested'>, context: EventContext): TestPage => ({
  test: event.test,
  contact: event.contact,
  channel: event.channel,
  by: context.actor.name,
  ...toBeSent(context.at),
});

const withoutOldest = (silences: Room['silences']): Room['silences'] => {
  const ended = Object.values(silences).filter((silence) => silence.ended !== null && !hasUntold(silence));
  const forgotten = new Set(ended.slice(0, Math.max(0, ended.length - ENDED_KEPT + 1)).map((silence) => silence.id));
  return Object.fromEntries(Object.entries(silences).filter(([id]) => !forgotten.has(id)));
};

const latest = <One>(ones: Readonly<Record<string, One>>, count: number): Readonly<Record<string, One>> =>
  Object.fromEntries(Object.entries(ones).slice(-count));

const withSilence = (room: Room, id: string, change: (silence: Silence) => Silence): Room => {
  const silence = own(room.silences, id);
  return silence === undefined ? room : { ...room, silences: { ...room.silences, [id]: change(silence) } };
};

const withTest = (room: Room, id: string, change: (test: TestPage) => TestPage): Room => {
  const test = own(room.tests, id);
  return test === undefined ? room : { ...room, tests: { ...room.tests, [id]: change(test) } };
};
