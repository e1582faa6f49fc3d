// Owns watching services by reading `/metrics` of each replica, where no Prometheus server is.

import { safeText } from '../../incident/text.ts';
import { toTimestamp } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import type { ScrapeWatch, ServiceWatch } from '../config/config.ts';
import { ask } from './ask.ts';
import { type CounterWindow, createCounterWindow, type ScrapedCounters } from './counter-window.ts';
import { MAX_EXPOSITION_BYTES } from './exposition.ts';
import { startAll } from './poll-loop.ts';
import { type ReplicaRound, readRound, type SignalOfPage } from './scrape-reading.ts';
import { type PageReader, pageReader } from './scraped-page.ts';
import type { Source, SourceListener } from './source.ts';

const ACCEPT = 'text/plain;version=0.0.4;q=1,*/*;q=0.1';

export interface ScrapeSourceOptions {
  readonly watches: readonly ServiceWatch[];
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
}

/** All services that are scraped and not watched by a Prometheus; throws OperatorError `bad-config` on a selector that cannot be read. */
export const scrapeSource = ({ watches, clock, fetch }: ScrapeSourceOptions): Source => {
  const targets = watches.flatMap(({ service, prometheus, scrape }) =>
    prometheus !== null || scrape === null ? [] : [{ service, watch: scrape, readPage: pageReader(service, scrape) }],
  );
  return {
    name: 'scrape',
    start: (listener) =>
      startAll(
        targets.map((target) => {
          const windows = target.watch.urls.map(() =>
            createCounterWindow(target.watch.windowMs, target.watch.scrapeEveryMs),
          );
          return {
            clock,
            everyMs: target.watch.scrapeEveryMs,
            poll: (stopping) =>
              scrapeService({ ...target, windows, listener }, { clock, stopping, ...(fetch && { fetch }) }),
          };
        }),
      ),
  };
};

interface Scraped {
  readonly service: string;
  readonly watch: ScrapeWatch;
  readonly readPage: PageReader;
  /** One for each address, in order. */
  readonly windows: readonly CounterWindow[];
  readonly listener: SourceListener;
}

type Asking = Parameters<typeof ask>[1];

const scrapeService = async ({ listener, ...scraped }: Scraped, asking: Asking): Promise<void> => {
  const { clock, stopping } = asking;
  const { service, watch } = scraped;
  const startedAt = clock.now();
  const replicas = await Promise.all(
    scraped.windows.map((window, index) => scrapeReplica({ ...scraped, window, url: watch.urls[index] ?? '' }, asking)),
  );
  if (stopping.aborted) return;
  listener.readings([readRound({ service, at: toTimestamp(clock.now()), selectors: watch, replicas })]);
  const failures = replicas.filter((replica) => !replica.ok);
  const [failure] = failures;
  const error = failure ? safeText(`${failures.length} of ${replicas.length} replicas: ${failure.detail}`, 300) : null;
  listener.polled({ source: `scrape ${service}`, tookMs: clock.now() - startedAt, error });
};

interface ScrapedReplica extends Omit<Scraped, 'listener' | 'windows'> {
  readonly window: CounterWindow;
  readonly url: string;
}

const scrapeReplica = async (
  { watch, readPage, window, url }: ScrapedReplica,
  asking: Asking,
): Promise<ReplicaRound> => {
  const answer = await ask(
    { url, headers: { accept: ACCEPT }, timeoutMs: watch.timeoutMs, maxBytes: MAX_EXPOSITION_BYTES, longer: 'refused' },
    asking,
  );
  if (!answer.ok) return answer;
  if (answer.status !== 200) return { ok: false, why: 'bad-answer', detail: `HTTP ${answer.status}` };
  const page = readPage(answer.body);
  if (!page.ok) return { ok: false, why: 'bad-answer', detail: page.detail };
  const nowMs = asking.clock.now();
  window.add(nowMs, page.counters);
  return { ok: true, rates: window.rates(nowMs), present: signalsIn(page.counters), strange: page.strange };
};

const signalsIn = (counters: ScrapedCounters): ReadonlySet<SignalOfPage> =>
  new Set((['requests', 'errors', 'latency'] as const).filter((signal) => counters[signal].length > 0));
