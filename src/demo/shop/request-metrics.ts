// Owns what a service tells the world about its requests, as a Prometheus exposition.
import { Counter, Histogram, Registry } from 'prom-client';
import type { ServiceName } from './service-specs.ts';

const BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10];
// Present from the start, so that a first error is an increase and not a new series.
const EXPECTED_STATUSES = ['200', '500', '502', '503', '504'];

export interface RequestMetrics {
  observe(status: number, durationSeconds: number): void;
  exposition(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Every request counts as the `standsFor` it stands for. */
export const createRequestMetrics = (service: ServiceName, standsFor: number): RequestMetrics => {
  const registry = new Registry();
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by status, as callers saw them.',
    labelNames: ['service', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer, as callers saw it.',
    labelNames: ['service'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  for (const status of EXPECTED_STATUSES) requests.inc({ service, status }, 0);
  return {
    observe: (status, durationSeconds) => {
      requests.inc({ service, status: String(status) }, standsFor);
      for (let count = 0; count < standsFor; count++) durations.observe({ service }, durationSeconds);
    },
    exposition: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};
