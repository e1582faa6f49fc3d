// Owns the front of a service: the address callers know. It spreads requests over instances and measures what callers see.
import type { Agent, IncomingMessage, ServerResponse } from 'node:http';
import { callHttp } from './http-call.ts';
import type { Instance } from './instance.ts';
import { jsonReply, type LoopbackServer, openLoopbackServer, type Reply, sendReply } from './loopback-server.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { Rotation } from './rotation.ts';

export interface FrontOptions {
  readonly port: number;
  readonly connections: Agent;
  readonly rotation: Rotation;
  readonly metrics: RequestMetrics;
  readonly isUnderMaintenance: () => boolean;
  /** Nothing answers: connections are cut. */
  readonly isDown: () => boolean;
  /** Somebody reads the metrics: the shop is not forgotten. */
  readonly onWatched: () => void;
}

const INSTANCE_TIMEOUT_MS = 5_000;
const HEALTH_TIMEOUT_MS = 1_000;
const MAINTENANCE_PAGE: Reply = {
  status: 503,
  body: '<!doctype html><title>Maintenance</title><p>We are working on it and will be back shortly.</p>\n',
  headers: { 'content-type': 'text/html; charset=utf-8', 'retry-after': '60' },
};

export const openFront = (options: FrontOptions): Promise<LoopbackServer> =>
  openLoopbackServer((request, response) => {
    request.resume();
    if (options.isDown()) {
      request.destroy();
      return;
    }
    void answer(options, request).then((reply) => answerOnce(response, reply));
  }, options.port);

const answer = async (options: FrontOptions, request: IncomingMessage): Promise<Reply> => {
  const [path] = (request.url ?? '').split('?');
  if (request.method !== 'GET' && !(request.method === 'POST' && path === '/')) {
    return jsonReply(405, { error: 'method not allowed' }, { allow: path === '/' ? 'GET, POST' : 'GET' });
  }
  switch (path) {
    case '/':
      // A page nobody had to work for says nothing about the service: it is not measured.
      return options.isUnderMaintenance() ? MAINTENANCE_PAGE : measured(options);
    case '/health':
      return healthOf(options);
    case '/metrics': {
      options.onWatched();
      const { contentType, body } = await options.metrics.exposition();
      return { status: 200, body, headers: { 'content-type': contentType } };
    }
    default:
      return jsonReply(404, { error: 'no such path' });
  }
};

const healthOf = async ({ isUnderMaintenance, rotation, connections }: FrontOptions): Promise<Reply> => {
  if (isUnderMaintenance()) return jsonReply(200, { status: 'maintenance' });
  const instance = rotation.next();
  if (instance === null) return jsonReply(503, { status: 'no instance' });
  const url = new URL('/health', instance.url);
  const result = await callHttp(connections, { url, method: 'GET', timeoutMs: HEALTH_TIMEOUT_MS });
  return result.ok && result.status === 200
    ? jsonReply(200, { status: 'ok' })
    : jsonReply(503, { status: 'an instance does not answer', instance: instance.name });
};

const measured = async (options: FrontOptions): Promise<Reply> => {
  const startedAtMs = performance.now();
  const reply = await askInstance(options);
  options.metrics.observe(reply.status, (performance.now() - startedAtMs) / 1_000);
  return reply;
};

const askInstance = async ({ rotation, connections }: FrontOptions): Promise<Reply> => {
  const instance = rotation.next();
  if (instance === null) return jsonReply(503, { error: 'no instance in rotation' });
  const result = await callHttp(connections, { url: instance.url, method: 'GET', timeoutMs: INSTANCE_TIMEOUT_MS });
  // Refusals (503) and failed dependencies (502) are not the instance's doing.
  rotation.record(instance, !result.ok || result.status === 500 ? 'bad' : 'good');
  if (!result.ok) return jsonReply(result.reason === 'timeout' ? 504 : 502, { error: `instance: ${result.reason}` });
  return { status: result.status, body: result.body, headers: { ...passedOn(result.headers, instance) } };
};

const passedOn = (headers: IncomingMessage['headers'], instance: Instance): Readonly<Record<string, string>> => ({
  'x-instance': instance.name,
  'x-version': String(headers['x-version'] ?? ''),
});

const answerOnce = (response: ServerResponse, reply: Reply): void => {
  if (!response.destroyed) sendReply(response, reply);
};
