// Owns the watches that source tests start from: one service, everything configured, fast.
import type { CheckWatch, PrometheusWatch, ScrapeWatch, ServiceWatch } from '../../../src/agent/config/config.ts';

const SELECTORS = {
  requests: 'http_requests_total',
  errors: 'http_requests_total{status=~"5.."}',
  latency: 'http_request_duration_seconds_bucket',
} as const;

export const serviceWatch = (service: string, parts: Partial<ServiceWatch> = {}): ServiceWatch => ({
  service,
  prometheus: null,
  scrape: null,
  checks: [],
  ...parts,
});

export const prometheusWatch = (parts: Partial<PrometheusWatch> = {}): PrometheusWatch => ({
  ...SELECTORS,
  url: 'http://127.0.0.1:9',
  headers: {},
  windowMs: 60_000,
  pollEveryMs: 20,
  timeoutMs: 1_000,
  staleAfterMs: 30_000,
  serviceLabel: 'service',
  labelValue: 'checkout',
  ...parts,
});

export const scrapeWatch = (parts: Partial<ScrapeWatch> = {}): ScrapeWatch => ({
  ...SELECTORS,
  urls: [],
  windowMs: 10_000,
  scrapeEveryMs: 1_000,
  timeoutMs: 500,
  only: null,
  ...parts,
});

export const httpCheck = (url: string, parts: Partial<CheckWatch> = {}): CheckWatch =>
  ({
    name: 'http',
    kind: 'http',
    url,
    expectStatus: [200, 299],
    everyMs: 1_000,
    timeoutMs: 500,
    rise: 2,
    fall: 3,
    ...parts,
  }) as CheckWatch;

export const tcpCheck = (port: number, parts: Partial<CheckWatch> = {}): CheckWatch =>
  ({
    name: 'tcp',
    kind: 'tcp',
    host: '127.0.0.1',
    port,
    everyMs: 1_000,
    timeoutMs: 500,
    rise: 2,
    fall: 3,
    ...parts,
  }) as CheckWatch;
