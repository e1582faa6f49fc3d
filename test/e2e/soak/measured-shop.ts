// Owns a service that is measured at the pace of a room: its counters follow the room's seconds, and fail when told.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MeasuredShop {
  readonly url: string;
  /** From now on this share of requests fails. */
  fail(share: number): void;
  close(): Promise<void>;
}

const REQUESTS_PER_SECOND = 50;

export const openMeasuredShop = async (speed: number): Promise<MeasuredShop> => {
  let share = 0;
  let served = 0;
  let failed = 0;
  let countedAt = performance.now();
  const count = (): void => {
    const now = performance.now();
    const more = ((now - countedAt) / 1_000) * speed * REQUESTS_PER_SECOND;
    countedAt = now;
    served += more * (1 - share);
    failed += more * share;
  };
  const server = createServer((_, response) => {
    count();
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(
      `# TYPE http_requests_total counter
http_requests_total{status="200"} ${Math.round(served)}
http_requests_total{status="500"} ${Math.round(failed)}
`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (next) => {
      count();
      share = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
