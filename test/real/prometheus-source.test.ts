import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/agent/clock.ts';
import { prometheusSource } from '../../src/agent/sources/prometheus.ts';
import type { LoopbackServer } from '../agent/sources/loopback-server.ts';
import { type RecordingListener, recordingListener } from '../agent/sources/recording-listener.ts';
import { prometheusWatch, serviceWatch } from '../agent/sources/watches.ts';
import { type Replica, startReplica } from '../support/measured-service.ts';
import { hasPrometheus, type PrometheusServer, startPrometheus } from '../support/prometheus-server.ts';

const targetOf = ({ port }: LoopbackServer): string => `127.0.0.1:${port}`;

const USUAL = { counter: 'http_requests_total', histogram: 'http_request_duration_seconds', statusLabel: 'status' };
const OTHER = { counter: 'myapp_hits_total', histogram: 'myapp_took_seconds', statusLabel: 'code' };

describe.skipIf(!hasPrometheus())('a source on a real Prometheus', () => {
  let prometheus: PrometheusServer;
  let checkout: Replica;
  let clean: Replica;
  let baskets: readonly Replica[];
  let listener: RecordingListener;
  let stop: () => void = () => undefined;

  beforeAll(async () => {
    checkout = await startReplica(USUAL);
    clean = await startReplica(USUAL);
    baskets = await Promise.all([startReplica(OTHER), startReplica(OTHER), startReplica(OTHER)]);
    prometheus = await startPrometheus({
      scrapeInterval: '1s',
      scrapeConfigs: [
        { job: 'checkout', targets: [targetOf(checkout)], labels: { service: 'checkout' } },
        { job: 'clean', targets: [targetOf(clean)], labels: { service: 'clean.er' } },
        { job: 'basket', targets: baskets.map(targetOf), labels: { app: 'basket' } },
      ],
    });
    const fast = { url: prometheus.url, windowMs: 6_000, pollEveryMs: 500, timeoutMs: 2_000, staleAfterMs: 4_000 };
    const other = {
      ...fast,
      serviceLabel: 'app',
      labelValue: 'basket',
      requests: 'myapp_hits_total',
      errors: 'myapp_hits_total{code=~"5.."}',
      latency: 'myapp_took_seconds_bucket',
    };
    listener = recordingListener();
    stop = prometheusSource({
      clock: systemClock(),
      watches: [
        serviceWatch('checkout', { prometheus: prometheusWatch(fast) }),
        serviceWatch('clean', { prometheus: prometheusWatch({ ...fast, labelValue: 'clean.er' }) }),
        serviceWatch('gone', { prometheus: prometheusWatch({ ...fast, labelValue: 'gone' }) }),
        serviceWatch('basket', { prometheus: prometheusWatch(other) }),
      ],
    }).start(listener);
  });

  afterAll(async () => {
    stop();
    await prometheus?.stop();
    await Promise.all([checkout, clean, ...(baskets ?? [])].map((replica) => replica?.end()));
  });

  const eventually = (see: () => void): Promise<void> => vi.waitFor(see, { timeout: 30_000, interval: 200 });

  const numberOf = (service: string, signal: 'errorRatio' | 'p95Seconds' | 'requestsPerSecond'): number => {
    const reading = listener.last(service)?.[signal];
    if (!reading?.known) throw new Error(`${service} ${signal}: ${reading?.why ?? 'nothing told'}`);
    return reading.value;
  };

  it('reads services at work: clean is 0, a service nobody knows is missing', async () => {
    await eventually(() => {
      expect(numberOf('checkout', 'requestsPerSecond')).toBeGreaterThan(25);
      expect(numberOf('checkout', 'errorRatio')).toBe(0);
      expect(numberOf('checkout', 'p95Seconds')).toBeCloseTo(0.095, 3);
      expect(numberOf('clean', 'errorRatio')).toBe(0);
    });
    expect(listener.last('gone')).toMatchObject({
      errorRatio: { why: 'missing' },
      p95Seconds: { why: 'missing' },
      requestsPerSecond: { why: 'missing' },
    });
    expect(listener.polls.at(-1)!.error).toBeNull();
  });

  it('sees the error rate and the latency jump', async () => {
    checkout.failing = 4;
    checkout.seconds = 0.4;
    await eventually(() => {
      expect(numberOf('checkout', 'errorRatio')).toBeGreaterThan(0.35);
      expect(numberOf('checkout', 'errorRatio')).toBeLessThan(0.45);
      expect(numberOf('checkout', 'p95Seconds')).toBeGreaterThan(0.4);
    });
    expect(numberOf('clean', 'errorRatio')).toBe(0);
  });

  it('sums three replicas of a service with other names and another label', async () => {
    await eventually(() => expect(numberOf('basket', 'requestsPerSecond')).toBeGreaterThan(75));
    baskets[0]!.failing = 9;
    await eventually(() => {
      expect(numberOf('basket', 'errorRatio')).toBeGreaterThan(0.25);
      expect(numberOf('basket', 'errorRatio')).toBeLessThan(0.35);
    });
  });

  it('says stale, then missing, when a service vanishes', async () => {
    await clean.end();
    await eventually(() => expect(listener.last('clean')!.errorRatio).toMatchObject({ known: false, why: 'stale' }));
    await eventually(() => expect(listener.last('clean')!.errorRatio).toMatchObject({ known: false, why: 'missing' }));
  });

  it('knows nothing any more once Prometheus is gone', async () => {
    await prometheus.stop();
    await eventually(() => {
      for (const service of ['checkout', 'basket', 'gone']) {
        expect(listener.last(service)).toMatchObject({
          errorRatio: { known: false, why: 'unreachable' },
          p95Seconds: { known: false, why: 'unreachable' },
          requestsPerSecond: { known: false, why: 'unreachable' },
        });
      }
    });
  });
});
