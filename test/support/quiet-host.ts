// Owns an agent behind a door in which nothing happens, for tests of the door alone.
import type { ServerHost } from '../../src/agent/server/server.ts';

export const quietHost = (admit: ServerHost['admit']): ServerHost => ({
  admit,
  welcome: () => ({ type: 'alive', now: 0, writable: true, held: 0 }),
  execute: async () => ({ ok: true, seq: 1, subject: null }),
  nowMs: () => Date.now(),
  wallMs: () => Date.now(),
  status: () => ({ incidents: [] }),
  isReady: () => true,
  writable: () => true,
  held: () => 0,
  mayLookAt: () => true,
  answer: async () => ({ about: 'incident', incident: null }),
  version: 'test',
  metrics: async () => ({ text: 'warroom_up 1\n', contentType: 'text/plain; version=0.0.4' }),
  alertSource: () => null,
  alertsNotUnderstood: () => {},
  fault: () => {},
  alertSourceNames: () => [],
  takeAlerts: async () => ({ ok: true, seq: 1, subject: null }),
});
