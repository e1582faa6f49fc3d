// Owns a document behind HTTP for the driver contract.
import type { HttpProfile } from '../../../src/agent/config/config.ts';
import { httpDriver } from '../../../src/agent/drivers/http.ts';
import { DOCUMENT, type DriverUnderTest, SECRET, SET, TOUCHES } from '../../contract/driver-contract.ts';
import { loopbackServer } from './loopback-server.ts';

export const httpUnderTest = async (): Promise<DriverUnderTest> => {
  let document: unknown = structuredClone(DOCUMENT);
  let behaviour: string | null = null;
  const server = await loopbackServer((request, response) => {
    const verb = request.method === 'GET' ? 'reading' : 'writing';
    if (behaviour === `${verb} hangs`) return;
    if (behaviour === `${verb} is refused`)
      return void response.writeHead(403).end(`\u001b[2Jno, ${request.headers.authorization}`);
    if (verb === 'writing') document = JSON.parse(request.body);
    response.end(JSON.stringify(document));
  });
  const url = `${server.url}/services/{service}/config`;
  const headers = { authorization: `Bearer ${SECRET}` };
  let profile: HttpProfile | null = {
    driver: 'http',
    read: { method: 'GET', url, headers, body: null },
    apply: { method: 'PUT', url, headers, body: '{after}' },
    undo: { method: 'PUT', url, headers, body: '{before}' },
    pointer: '',
    set: SET,
    touches: TOUCHES,
    timeoutMs: 1_000,
    secrets: [`Bearer ${SECRET}`],
  };
  const make = () => httpDriver({ profile: (name) => (name === 'circuit-breaker' ? profile : null) });
  return {
    driver: make(),
    restarted: make,
    document: async () => document,
    put: async (next) => {
      document = next;
    },
    writes: async () => server.seen.filter(({ method }) => method !== 'GET').length,
    sawSecret: async () => server.seen.some((seen) => seen.headers.authorization === `Bearer ${SECRET}`),
    behave: async (how) => {
      behaviour = how;
    },
    reconfigure: (how) => {
      const elsewhere = `${server.url}/elsewhere`;
      profile = how === 'gone' || profile === null ? null : { ...profile, read: { ...profile.read, url: elsewhere } };
    },
    close: server.close,
  };
};
