// Owns the agent's real server with nothing behind it, for benchmarks: sessions that were greeted, and what is broadcast to them.
import { startServer } from '../../src/agent/server/server.ts';
import type { AgentMessage } from '../../src/protocol/messages.ts';
import { obeyOrders } from '../announcing.ts';

const nobody = (): never => {
  throw new Error('a benchmark asks for nothing');
};
const server = await startServer(
  { host: '127.0.0.1', port: 0 },
  {
    admit: () => ({
      ok: true,
      admission: { token: 'local', permission: 'commander', person: null, ended: () => null },
    }),
    version: 'bench',
    welcome: () => ({ type: 'alive', now: Date.now(), writable: true, held: 0 }),
    execute: nobody,
    answer: nobody,
    mayLookAt: () => true,
    nowMs: Date.now,
    wallMs: Date.now,
    status: nobody,
    fault: (error) => {
      throw error;
    },
    isReady: () => true,
    writable: () => true,
    held: () => 0,
    metrics: nobody,
    alertSource: () => null,
    alertSourceNames: () => [],
    alertsNotUnderstood: nobody,
    takeAlerts: nobody,
  },
);
process.stdout.write(`${JSON.stringify({ url: `ws://127.0.0.1:${server.port}/ws` })}\n`);
await obeyOrders((message) => server.broadcast(message as AgentMessage));
await server.stop();
process.exit(0);
