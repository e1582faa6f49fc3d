// Owns HTTP and TCP checks: is it up, is it down, or has it not answered often enough to say.
import { createConnection } from 'node:net';
import type { CheckReading, CheckState } from '../../incident/signals.ts';
import { safeText } from '../../incident/text.ts';
import { toTimestamp } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import type { CheckWatch, ServiceWatch } from '../config/config.ts';
import { ask, timeoutWords } from './ask.ts';
import { failureWords } from './failure-words.ts';
import { startAll } from './poll-loop.ts';
import type { Source, SourceListener } from './source.ts';

// Enough to let a health page finish; nobody reads it.
const MAX_BODY_BYTES = 64 * 1024;

export interface CheckSourceOptions {
  readonly watches: readonly ServiceWatch[];
  readonly clock: Clock;
}

/** All checks of all services, each on its own rhythm. */
export const checkSource = ({ watches, clock }: CheckSourceOptions): Source => {
  const checks = watches.flatMap(({ service, checks }) => checks.map((watch) => ({ service, watch })));
  return {
    name: 'checks',
    start: (listener) =>
      startAll(checks.map(({ service, watch }) => checkPolling(service, watch, { clock, listener }))),
  };
};

interface Telling {
  readonly clock: Clock;
  readonly listener: SourceListener;
}

const checkPolling = (service: string, watch: CheckWatch, { clock, listener }: Telling) => {
  let streak = unanswered(toTimestamp(clock.now()));
  return {
    clock,
    everyMs: watch.everyMs,
    poll: async (stopping: AbortSignal): Promise<void> => {
      const startedAt = clock.now();
      const answer = await tryOnce(watch, clock, stopping);
      if (stopping.aborted) return;
      streak = nextStreak(streak, {
        good: answer.good,
        at: toTimestamp(clock.now()),
        rise: watch.rise,
        fall: watch.fall,
      });
      const { state, since } = streak;
      listener.check({ service, name: watch.name, state, since, detail: safeText(answer.detail, 100) });
      // A check that fails is an answer, not a failure of the checking.
      listener.polled({ source: 'checks', tookMs: clock.now() - startedAt, error: null });
    },
  };
};

/** Equal answers in a row, and the state they add up to. */
export interface Streak extends Pick<CheckReading, 'state' | 'since'> {
  readonly good: number;
  readonly bad: number;
}

export const unanswered = (since: string): Streak => ({ state: 'unknown', since, good: 0, bad: 0 });

export interface CountedAnswer {
  readonly good: boolean;
  readonly at: string;
  /** Good answers in a row before it is up, bad ones before it is down. */
  readonly rise: number;
  readonly fall: number;
}

export const nextStreak = (previous: Streak, { good, at, rise, fall }: CountedAnswer): Streak => {
  const counted = good ? { good: previous.good + 1, bad: 0 } : { good: 0, bad: previous.bad + 1 };
  const state: CheckState =
    counted.good >= rise && good ? 'up' : counted.bad >= fall && !good ? 'down' : previous.state;
  return { ...counted, state, since: state === previous.state ? previous.since : at };
};

interface CheckAnswer {
  readonly good: boolean;
  readonly detail: string;
}

const tryOnce = (watch: CheckWatch, clock: Clock, stopping: AbortSignal): Promise<CheckAnswer> => {
  switch (watch.kind) {
    case 'http':
      return tryHttp(watch, clock, stopping);
    case 'tcp':
      return tryTcp(watch, clock, stopping);
    default:
      return watch satisfies never;
  }
};

type HttpCheck = Extract<CheckWatch, { kind: 'http' }>;
type TcpCheck = Extract<CheckWatch, { kind: 'tcp' }>;

const tryHttp = async (watch: HttpCheck, clock: Clock, stopping: AbortSignal): Promise<CheckAnswer> => {
  const { url, timeoutMs } = watch;
  const answer = await ask({ url, timeoutMs, maxBytes: MAX_BODY_BYTES, longer: 'cut' }, { clock, stopping });
  if (!answer.ok) return { good: false, detail: answer.detail };
  const [lowest, highest] = watch.expectStatus;
  return { good: answer.status >= lowest && answer.status <= highest, detail: `${answer.status}` };
};

const tryTcp = ({ host, port, timeoutMs }: TcpCheck, clock: Clock, stopping: AbortSignal): Promise<CheckAnswer> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const settle = (good: boolean, detail: string): void => {
      callOff();
      stopping.removeEventListener('abort', stop);
      socket.destroy();
      resolve({ good, detail });
    };
    const stop = (): void => settle(false, 'stopped');
    const callOff = clock.after(timeoutMs, () => settle(false, timeoutWords(timeoutMs)));
    stopping.addEventListener('abort', stop);
    socket.on('connect', () => settle(true, 'connected'));
    // Stays attached: a late socket error must find a listener.
    socket.on('error', (error) => settle(false, failureWords(error)));
  });
