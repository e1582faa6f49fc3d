// Owns which metrics a service is expected to have when nobody says otherwise.
import type { MetricSelectors } from './config.ts';

export const DEFAULT_SELECTORS = {
  requests: 'http_requests_total',
  errors: 'http_requests_total{status=~"5.."}',
  latency: 'http_request_duration_seconds_bucket',
} as const satisfies MetricSelectors;
