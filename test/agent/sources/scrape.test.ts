import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScrapeWatch } from '../../../src/agent/config/config.ts';
import { scrapeSource } from '../../../src/agent/sources/scrape.ts';
import type { ServiceReading } from '../../../src/incident/signals.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { type RecordingListener, recordingListener } from './recording-listener.ts';
import { prometheusWatch, scrapeWatch, serviceWatch } from './watches.ts';

/** One replica: counters by page line, and the fault it has now. */
interface Replica extends LoopbackServer {
  page: string;
  fault: 'none' | 'hang' | 'reset' | 'error';
}

const startReplica = async (page = ''): Promise<Replica> => {
  const server = await startLoopbackServer((request, response) => {
    if (replica.fault === 'hang') return;
    if (replica.fault === 'reset') request.socket.resetAndDestroy();
    else response.writeHead(replica.fault === 'error' ? 503 : 200).end(replica.page);
  });
  const replica: Replica = { ...server, page, fault: 'none' };
  return replica;
};

const requests = (ok: number, failed?: number): string =>
  `http_requests_total{status="200"} ${ok}\n${failed === undefined ? '' : `http_requests_total{status="500"} ${failed}\n`}`;

const latency = (...[fast, slow, all]: readonly [number, number, number]): string =>
  `http_request_duration_seconds_bucket{le="0.1"} ${fast}
http_request_duration_seconds_bucket{le="0.5"} ${slow}
http_request_duration_seconds_bucket{le="+Inf"} ${all}
`;

let clock: ManualClock;
let listener: RecordingListener;
let replicas: Replica[] = [];
let stop: () => void = () => undefined;

beforeEach(() => {
  clock = manualClock();
  listener = recordingListener();
});
afterEach(async () => {
  stop();
  await Promise.all(replicas.map((replica) => replica.stop()));
  replicas = [];
});

const startScraping = async (pages: readonly string[], parts: Partial<ScrapeWatch> = {}): Promise<void> => {
  replicas = await Promise.all(pages.map(startReplica));
  const scrape = scrapeWatch({ urls: replicas.map(({ url }) => `${url}/metrics`), ...parts });
  stop = scrapeSource({ watches: [serviceWatch('checkout', { scrape })], clock }).start(listener);
  await listener.polledTimes(1);
};

/** One second later, with these pages. */
const nextScrape = async (...pages: readonly string[]): Promise<ServiceReading> => {
  for (const [index, page] of pages.entries()) replicas[index]!.page = page;
  const polls = listener.polls.length;
  await clock.advance(1_000);
  await listener.polledTimes(polls + 1);
  return listener.last('checkout')!;
};

const shown = ({ requestsPerSecond, errorRatio, p95Seconds }: ServiceReading) =>
  [requestsPerSecond, errorRatio, p95Seconds].map((each) => (each.known ? Number(each.value.toFixed(6)) : each.why));

const lastShown = () => shown(listener.last('checkout')!);

describe('a scrape source', () => {
  it('knows nothing before the second scrape, then uses the time there is', async () => {
    await startScraping([requests(100, 10) + latency(100, 110, 110)]);
    expect(lastShown()).toEqual(['not-yet-measured', 'not-yet-measured', 'not-yet-measured']);
    expect(shown(await nextScrape(requests(106, 14) + latency(105, 115, 120)))).toEqual([10, 0.4, 0.5]);
    expect(shown(await nextScrape(requests(126, 14) + latency(125, 135, 140)))).toEqual([15, 0.133333, 0.5]);
  });

  it('interpolates p95 within its bucket', async () => {
    await startScraping([requests(0) + latency(0, 0, 0)]);
    expect(shown(await nextScrape(requests(100) + latency(90, 100, 100)))).toEqual([100, 0, 0.3]);
  });

  it('lets growth leave the window after it', async () => {
    await startScraping([requests(0, 0)], { windowMs: 3_000 });
    expect(shown(await nextScrape(requests(0, 30)))[0]).toBe(30);
    await nextScrape();
    expect(shown(await nextScrape())[0]).toBe(10);
    expect(shown(await nextScrape())).toEqual([0, 'idle', 'missing']);
  });

  it('sums three replicas', async () => {
    await startScraping([requests(0, 0), requests(50, 0), requests(7, 7)]);
    expect(shown(await nextScrape(requests(10, 0), requests(50, 10), requests(17, 7))).slice(0, 2)).toEqual([
      30, 0.333333,
    ]);
  });

  it('counts a reset counter from zero', async () => {
    await startScraping([requests(1_000, 500), requests(1_000, 0)]);
    expect(shown(await nextScrape(requests(6, 4), requests(1_010, 0))).slice(0, 2)).toEqual([20, 0.2]);
  });

  it('counts the first errors of a replica scraped before', async () => {
    await startScraping([requests(100)]);
    expect(shown(await nextScrape(requests(106, 4))).slice(0, 2)).toEqual([10, 0.4]);
  });

  it('says partial while a replica is lost, and numbers again after two scrapes of it', async () => {
    await startScraping([requests(0, 0), requests(0, 0), requests(0, 0)]);
    await nextScrape(requests(10, 0), requests(10, 0), requests(10, 0));
    replicas[2]!.fault = 'reset';
    expect(shown(await nextScrape())).toEqual(['partial', 'partial', 'partial']);
    expect(listener.polls.at(-1)!.error).toBe('1 of 3 replicas: connection reset');
    replicas[2]!.fault = 'none';
    expect(shown(await nextScrape())[0]).toBeCloseTo(10, 5);
  });

  it('does not smear what grew while a replica was lost longer than a window', async () => {
    await startScraping([requests(0), requests(0)], { windowMs: 2_000 });
    await nextScrape(requests(5), requests(5));
    replicas[1]!.fault = 'error';
    for (let second = 0; second < 4; second++) await nextScrape();
    replicas[1]!.fault = 'none';
    expect(shown(await nextScrape(requests(5), requests(5_000)))[0]).toBe('partial');
    expect(shown(await nextScrape(requests(5), requests(5_007)))[0]).toBe(7);
  });

  it.each([
    ['reset', 'unreachable', '2 of 2 replicas: connection reset'],
    ['error', 'bad-answer', '2 of 2 replicas: HTTP 503'],
  ] as const)('says why when every replica fails: %s', async (fault, why, error) => {
    await startScraping([requests(0), requests(0)]);
    for (const replica of replicas) replica.fault = fault;
    expect(shown(await nextScrape())).toEqual([why, why, why]);
    expect(listener.polls.at(-1)!.error).toBe(error);
  });

  it('says timeout when a replica hangs, and polls on', async () => {
    await startScraping([requests(0)]);
    replicas[0]!.fault = 'hang';
    await clock.advance(1_000);
    await clock.advance(500);
    await listener.polledTimes(2);
    expect(lastShown()).toEqual(['timeout', 'timeout', 'timeout']);
    expect(listener.polls.at(-1)!.error).toBe('1 of 1 replicas: timeout after 0.5 s');
    replicas[0]!.fault = 'none';
    await clock.advance(500);
    await listener.polledTimes(3);
    expect(lastShown()[0]).toBe(0);
  });

  it.each([
    ['an HTML page', '<html></html>', ['bad-answer', 'bad-answer', 'bad-answer']],
    ['one bad line', `${requests(5)}oops\n`, ['bad-answer', 'bad-answer', 'bad-answer']],
    ['an empty page', '', ['missing', 'missing', 'missing']],
    [
      'a NaN among the errors',
      `${requests(5)}http_requests_total{status="500"} NaN\n`,
      ['not-a-number', 'not-a-number', 'missing'],
    ],
    ['a negative counter', 'http_requests_total -1', ['not-a-number', 'not-a-number', 'missing']],
    ['buckets without +Inf', `${requests(5)}http_request_duration_seconds_bucket{le="1"} 5`, [5, 0, 'not-a-number']],
    ['buckets without a bound', `${requests(5)}http_request_duration_seconds_bucket 5`, [5, 0, 'not-a-number']],
  ])('reads %s', async (_, page, expected) => {
    await startScraping([requests(0)]);
    expect(shown(await nextScrape(page))).toEqual(expected);
  });

  it('has numbers again right after a counter was no number', async () => {
    await startScraping([requests(10)]);
    await nextScrape('http_requests_total{status="200"} NaN');
    expect(shown(await nextScrape(requests(30)))[0]).toBe(10);
  });

  it('takes one service out of an exposition of several, by other names and labels', async () => {
    const page = (own: number, other: number): string =>
      `hits{app="basket",code="500"} ${own}\nhits{app="basket",code="200"} ${own}\nhits{app="other",code="500"} ${other}\n`;
    await startScraping([page(0, 0)], {
      requests: 'hits',
      errors: 'hits{code=~"5.*"}',
      latency: null,
      only: { label: 'app', value: 'basket' },
    });
    expect(shown(await nextScrape(page(10, 5_000)))).toEqual([20, 0.5, 'not-configured']);
  });

  it('leaves services to Prometheus that have one', async () => {
    const watches = [
      serviceWatch('a', { prometheus: prometheusWatch(), scrape: scrapeWatch({ urls: ['http://127.0.0.1:9'] }) }),
    ];
    stop = scrapeSource({ watches, clock }).start(listener);
    await clock.advance(3_000);
    expect(listener.told).toEqual([]);
  });
});
