// Owns a service for tests that counts its own requests with prom-client, like a real one, and fails as often as told.
import { Counter, Histogram, Registry } from 'prom-client';
import { type LoopbackServer, startLoopbackServer } from '../agent/sources/loopback-server.ts';

/** One replica of a service, counting requests of its own accord. */
export interface Replica extends LoopbackServer {
  /** How many of ten requests fail, and how long each takes. */
  failing: number;
  seconds: number;
  end(): Promise<void>;
}

export interface Metrics {
  readonly counter: string;
  readonly histogram: string;
  readonly statusLabel: string;
}

const REQUESTS_PER_SECOND = 50;

export const startReplica = async ({ counter, histogram, statusLabel }: Metrics): Promise<Replica> => {
  const registry = new Registry();
  const requests = new Counter({ name: counter, help: 'requests', labelNames: [statusLabel], registers: [registry] });
  const duration = new Histogram({ name: histogram, help: 'time', buckets: [0.1, 0.5, 1, 5], registers: [registry] });
  const server = await startLoopbackServer(async (_, response) => {
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  });
  let served = 0;
  const traffic = setInterval(() => {
    served += 1;
    requests.inc({ [statusLabel]: served % 10 < replica.failing ? '500' : '200' });
    duration.observe(replica.seconds);
  }, 1_000 / REQUESTS_PER_SECOND);
  const end = async (): Promise<void> => {
    clearInterval(traffic);
    await server.stop();
  };
  const replica: Replica = { ...server, failing: 0, seconds: 0.05, end };
  return replica;
};
