// Owns the agent's sign of life: a call to an address outside, made for as long as the agent is well. Whoever listens there alarms
// when it stops.
import { SECOND } from '../incident/time.ts';
import type { Clock } from './clock.ts';
import type { Heartbeat } from './config/config.ts';
import { exchange, type Fetch, type HttpRequest } from './drivers/http-exchange.ts';

/** How the call is shown among the sources. */
export const HEARTBEAT = 'heartbeat';

export interface HeartbeatParts {
  readonly clock: Clock;
  /** As it is configured now; null: nobody is called. */
  readonly configured: () => Heartbeat | null;
  readonly writable: () => boolean;
  /** Looks once at everything that may be due; whether that worked. */
  readonly looks: () => Promise<boolean>;
  /** What became of each beat: `error` is null where it arrived. */
  readonly told: (beat: { readonly tookMs: number; readonly error: string | null }) => void;
  readonly fetch?: Fetch;
}

const TIMEOUT_MS = 5 * SECOND;
/** Without a heartbeat, how soon one that is configured begins. */
const ASK_AGAIN_MS = 5 * SECOND;

/** Beats at once and then on; returns the way to stop. A beat that cannot be sent is told, and holds nothing up. */
export const startHeartbeat = (parts: HeartbeatParts): (() => void) => {
  const { clock, configured, told } = parts;
  const stopping = new AbortController();
  let callOff = (): void => {};

  const beat = async (): Promise<void> => {
    const heartbeat = configured();
    const startedAtMs = performance.now();
    if (heartbeat !== null) {
      const error = (await illness(parts)) ?? (await call(heartbeat.url, parts, stopping.signal));
      if (stopping.signal.aborted) return;
      told({ tookMs: performance.now() - startedAtMs, error });
    }
    const tookMs = performance.now() - startedAtMs;
    const waitMs = Math.max(0, (heartbeat?.everyMs ?? ASK_AGAIN_MS) - tookMs);
    callOff = clock.after(waitMs * clock.rate, () => void beat());
  };
  void beat();

  return () => {
    stopping.abort();
    callOff();
  };
};

/** Why the agent is not well enough to say that it is; null where it is. */
const illness = async ({ writable, looks, clock }: HeartbeatParts): Promise<string | null> => {
  if (!writable()) return 'not sent: the log takes no writes';
  return (await withinTime(clock, looks())) ? null : 'not sent: the agent does not get to what is due';
};

const withinTime = (clock: Clock, work: Promise<boolean>): Promise<boolean> =>
  new Promise((resolve) => {
    const callOff = clock.after(TIMEOUT_MS * clock.rate, () => resolve(false));
    void work.then((looked) => {
      callOff();
      resolve(looked);
    });
  });

/** Null when it arrived. The address is a secret: whoever has it can say that all is well. */
const call = async (
  url: string,
  { fetch = globalThis.fetch }: HeartbeatParts,
  signal: AbortSignal,
): Promise<string | null> => {
  const request: HttpRequest = { method: 'GET', url, headers: { 'User-Agent': 'warroom' }, body: null };
  const exchanged = await exchange(fetch, request, { signal, timeoutMs: TIMEOUT_MS });
  if (!exchanged.ok) return exchanged.detail;
  const { status } = exchanged.answer;
  return status >= 200 && status <= 299 ? null : `answered ${status}`;
};
