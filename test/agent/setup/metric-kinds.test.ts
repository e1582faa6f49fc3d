import { describe, expect, it } from 'vitest';
import {
  failuresOf,
  latencyNameScore,
  mayCountRequests,
  mayMeasureLatency,
  requestNameScore,
} from '../../../src/agent/setup/metric-kinds.ts';
import { renderSelector } from '../../../src/agent/sources/selector.ts';

it.each([
  ['http_requests_total', true],
  ['grpc_server_handled_total', true],
  ['prometheus_http_requests_total', true],
  ['promhttp_metric_handler_requests_total', false],
  ['rest_client_requests_total', false],
  ['http_client_requests_total', false],
  ['prometheus_engine_queries_total', false],
  ['http_request_size_bytes_count', false],
  ['process_cpu_seconds_total', false],
])('%s may count requests that the service serves: %s', (name, may) => {
  expect(mayCountRequests(name)).toBe(may);
});

it.each([
  ['http_request_duration_seconds_bucket', true],
  ['myapp_took_bucket', true],
  ['http_request_duration_milliseconds_bucket', false],
  ['latency_ms_bucket', false],
  ['http_response_size_bytes_bucket', false],
  ['go_gc_duration_seconds_bucket', false],
])('%s may measure latency in seconds: %s', (name, may) => {
  expect(mayMeasureLatency(name)).toBe(may);
});

it('the usual names speak louder than others', () => {
  const names = ['cache_hits_total', 'myapp_requests_total', 'http_server_requests_total', 'http_requests_total'];
  expect(names.map(requestNameScore)).toEqual([0, 1, 2, 3]);
});

it('a histogram of the same requests speaks louder than another one', () => {
  const counter = 'myapp_http_requests_total';
  const own = latencyNameScore('myapp_http_request_duration_seconds_bucket', counter);
  for (const other of ['db_query_duration_seconds_bucket', 'grpc_server_handling_seconds_bucket', 'boot_time_bucket'])
    expect(own).toBeGreaterThan(latencyNameScore(other, counter));
});

describe('the failures of a status label', () => {
  it.each<[label: string, values: readonly string[], selector: string | null]>([
    ['status', ['200', '404', '500'], 'x{status=~"5.."}'],
    ['code', ['200'], 'x{code=~"5.."}'],
    ['code', ['2xx', '5xx'], 'x{code="5xx"}'],
    ['code', ['2XX'], 'x{code="5XX"}'],
    [
      'grpc_code',
      ['OK', 'NotFound'],
      'x{grpc_code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"}',
    ],
    ['code', ['OK', 'Internal'], 'x{code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"}'],
    ['outcome', ['success', 'error', 'timeout'], 'x{outcome=~"error|timeout"}'],
    ['outcome', ['success'], null],
    ['status', ['active', 'idle'], null],
    ['status', ['200', 'active'], null],
    ['status', ['', '200'], 'x{status=~"5.."}'],
    ['status', [], null],
  ])('%s with %j are %s', (label, values, selector) => {
    const failures = failuresOf(label, values);
    expect(failures === null ? null : renderSelector({ name: 'x', matchers: [failures] })).toBe(selector);
  });
});
