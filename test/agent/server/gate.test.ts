import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentUnderTest, agentUnderTest } from '../../support/agent-under-test.ts';

let agent: AgentUnderTest;
beforeAll(async () => {
  agent = await agentUnderTest({ 'server.yaml': 'hosts: [War.Room]\n' });
});
afterAll(() => agent.clear());

/** The first line and the body of what the agent answers to these bytes. */
const raw = (lines: readonly string[]): Promise<{ readonly status: string; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(agent.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      resolve({ status: head.split('\r\n')[0]?.split(' ')[1] ?? '', body });
    });
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });

const get = (...heads: readonly string[]) => raw(['GET /healthz HTTP/1.1', ...heads, 'Connection: close']);
const upgrade = (...heads: readonly string[]) =>
  raw([
    'GET /ws HTTP/1.1',
    ...heads,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]);

describe('the Host that is asked for', () => {
  it.each([
    'localhost',
    'LOCALHOST:7373',
    '127.0.0.1:80',
    '10.1.2.3:65535',
    '[::1]:7373',
    '[fe80::1]',
    'war.room',
    'WAR.ROOM.:7373',
  ])('may be %s: an address or a name of ours', async (host) => {
    expect((await get(`Host: ${host}`)).status).toBe('200');
  });

  it.each([
    'evil.example',
    'localhost.evil.example:7373',
    '127.0.0.1.evil.example',
    'xwar.room',
    '2130706433',
    '0x7f.1',
  ])('may not be %s: a page of a stranger could have led here', async (host) => {
    const { status, body } = await get(`Host: ${host}`);
    expect(status).toBe('421');
    expect(body).toContain('add the name to hosts in server.yaml');
    expect((await upgrade(`Host: ${host}`)).status).toBe('421');
  });

  it.each([
    '',
    ':80',
    'a b',
    'localhost:80:80',
    'localhost:123456',
    'user@localhost',
    'localhost/x',
    'http://localhost',
    '[127.0.0.1]',
    '[::1',
    '::1',
    'ünï',
    'a\u001b]52;c;x',
    'a'.repeat(8_000),
  ])('may not be %j', async (host) => {
    const { status, body } = await get(`Host: ${host}`);
    expect(status).toBe('400');
    expect(body).not.toContain('\u001b');
  });

  it('must be there once, in every version of HTTP', async () => {
    expect((await raw(['GET /healthz HTTP/1.1', 'Connection: close'])).status).toBe('400');
    expect((await raw(['GET /healthz HTTP/1.0'])).status).toBe('400');
    expect((await get('Host: localhost', 'Host: evil.example')).status).toBe('400');
    expect((await get('Host: localhost', 'host: localhost')).status).toBe('400');
    expect((await upgrade('Host: localhost', 'Host: evil.example')).status).toBe('400');
  });

  it('counts, and not the name in an absolute address', async () => {
    const asked = ['GET http://localhost/healthz HTTP/1.1', 'Host: evil.example', 'Connection: close'];
    expect((await raw(asked)).status).toBe('421');
  });
});

it('a name that is added to the configuration is ours at once, and what holds from the next start on is said', async () => {
  const living = await agentUnderTest({}, { reloads: true });
  try {
    const heads = { host: 'new.name' };
    const { hostname, port } = new URL(living.url);
    const status = () =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ host: hostname, port, path: '/healthz', headers: heads }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await status()).toBe(421);
    await living.configure('server.yaml', 'hosts: [new.name]\nport: 1\n');
    await living.reload();
    expect(await status()).toBe(200);
    expect(living.lines.join('\n')).toContain('server.yaml says something else: it holds from the next start on');
  } finally {
    await living.clear();
  }
});

describe('a web page', () => {
  it.each(['http://evil.example', 'null', '', 'http://localhost:7373'])(
    'gets nothing on any path, with the Origin %j',
    async (origin) => {
      const heads = ['Host: localhost', `Origin: ${origin}`];
      expect((await get(...heads)).status).toBe('403');
      expect((await upgrade(...heads)).status).toBe('403');
      for (const line of [
        'POST /api/v1/alerts/generic HTTP/1.1',
        'GET /api/v1/incidents HTTP/1.1',
        'GET /metrics HTTP/1.1',
        'OPTIONS /api/v1/alerts/generic HTTP/1.1',
      ])
        expect((await raw([line, ...heads, 'Content-Length: 0', 'Connection: close'])).status).toBe('403');
    },
  );

  it('is not told that it may ask again with other headers', async () => {
    const answer = await fetch(`${agent.url}/healthz`, { method: 'OPTIONS' });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
