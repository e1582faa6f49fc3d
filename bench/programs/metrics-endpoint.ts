// Owns the metrics that Prometheus scrapes for the poll benchmark: many services on one page, all of them with traffic.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Histogram, Registry } from 'prom-client';

const STATUSES = ['200', '201', '302', '404', '500', '503'] as const;

const services = Array.from(
  { length: Number(process.argv[2]) },
  (_, index) => `service-${String(index).padStart(4, '0')}`,
);
const registry = new Registry();
const requests = new Counter({
  name: 'http_requests_total',
  help: 'requests',
  labelNames: ['service', 'status'],
  registers: [registry],
});
const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'time',
  labelNames: ['service'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1],
  registers: [registry],
});

const traffic = (): void => {
  services.forEach((service, number) => {
    STATUSES.forEach((status, rarity) => {
      requests.inc({ service, status }, Math.round(100 / (rarity + 1)));
    });
    duration.observe({ service }, 0.02 * (1 + (number % 20)));
  });
};

traffic();
const server = createServer((_, response) => {
  traffic();
  void registry.metrics().then((page) => response.writeHead(200, { 'content-type': registry.contentType }).end(page));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ target: `127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
