import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { answering } from '../../../src/agent/server/answers.ts';
import { admitting } from '../../support/admitting.ts';
import { quietHost } from '../../support/quiet-host.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Plain answers, as whoever asks from near or from far gets them. */
const asking = async (isNear: boolean) => {
  const admit = admitting('right', 'viewer');
  const answer = answering(quietHost(admit));
  const peer = { address: '10.0.0.7', isNear, isOwner: false, certificate: null };
  const server = createServer((request, response) => void answer(request, response, { peer, admit }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (path: string, token?: string): Promise<number> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
  };
};

it('the numbers of the agent are free on its host, and need a token beyond', async () => {
  expect(await (await asking(true))('/metrics')).toBe(200);
  const far = await asking(false);
  expect(await far('/metrics')).toBe(401);
  expect(await far('/metrics', 'wrong')).toBe(401);
  expect(await far('/metrics', 'right')).toBe(200);
});

it('anybody may ask whether it is well, and nobody without a token what is on', async () => {
  for (const ask of [await asking(true), await asking(false)]) {
    expect([await ask('/healthz'), await ask('/readyz')]).toEqual([200, 200]);
    expect([await ask('/api/v1/incidents'), await ask('/api/v1/incidents', 'right')]).toEqual([401, 200]);
  }
});
