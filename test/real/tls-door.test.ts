import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addToken, tokensPath } from '../../src/agent/tokens/token-file.ts';
import { connectRoom } from '../../src/client/connect.ts';
import { findAgent } from '../../src/client/find-agent.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import type { Permission } from '../../src/incident/permission.ts';
import { jsonOf, run } from '../cli/command-line.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type Authority, authorityIn } from '../support/certificates.ts';
import { until } from '../support/until.ts';

const NAMES = ['DNS:localhost', 'IP:127.0.0.1', 'DNS:warroom.example'];

let directory: string;
let ours: Authority;
let theirs: Authority;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'wr-tls-'));
  ours = authorityIn(directory, 'ours');
  theirs = authorityIn(directory, 'theirs');
  ours.sign('first', { commonName: 'agent', altNames: NAMES });
  ours.sign('second', { commonName: 'agent', altNames: NAMES });
  ours.sign('over', { commonName: 'agent', altNames: NAMES, from: new Date(0), to: new Date(Date.now() - 60_000) });
  ours.sign('elsewhere', { commonName: 'agent', altNames: ['DNS:elsewhere.example'] });
  ours.sign('client-ana', { commonName: 'ana' });
  theirs.sign('client-stranger', { commonName: 'ana' });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string): string => join(directory, name);
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** What the agent shows: replaced as a renewal replaces it. */
const show = (name: string): void => {
  for (const end of ['crt', 'key']) {
    copyFileSync(file(`${name}.${end}`), file(`live.${end}`));
    chmodSync(file(`live.${end}`), 0o600);
  }
};

const serverYaml = (more = ''): string =>
  `tls: { certificate: ${file('live.crt')}, key: ${file('live.key')}${more} }\n`;

const startAgent = async (yaml = serverYaml(), options: Parameters<typeof agentUnderTest>[1] = {}) => {
  const agent = await agentUnderTest({ 'server.yaml': yaml }, options);
  stops.push(agent.clear);
  return agent;
};

const give = async (agent: AgentUnderTest, name: string, permission: Permission = 'responder'): Promise<string> => {
  const order = { name, permission, expiresAtMs: null, by: 'chris', nowMs: Date.now() };
  return (await addToken(tokensPath(agent.stateDirectory), order)).token;
};

const envOf = (agent: AgentUnderTest, token: string, more: Record<string, string> = {}) => ({
  ...agent.env,
  WARROOM_URL: agent.url.replace('127.0.0.1', 'localhost'),
  WARROOM_TOKEN: token,
  WARROOM_CA: ours.file,
  ...more,
});

const enter = (env: Readonly<Record<string, string>>): RoomClient => {
  const client = connectRoom({ address: () => findAgent(env, env.WARROOM_STATE_DIR ?? ''), name: 'me' });
  stops.push(() => client.close());
  return client;
};

const isLive = (client: RoomClient) => () => client.view().connection.name === 'live';

/** The serial number of the certificate that is shown now. */
const shownBy = (agent: AgentUnderTest, options: ConnectionOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(agent.url);
    const socket = tlsConnect({ host: hostname, port: Number(port), ca: readFileSync(ours.file), ...options }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });

describe('a door with a certificate', () => {
  it('lets in who has a token, over an encrypted line, under their own name', async () => {
    show('first');
    const agent = await startAgent();
    expect(agent.url).toMatch(/^https:/);
    const client = enter(envOf(agent, await give(agent, 'ana')));
    await until('ana is in', isLive(client));
    expect(client.view().me).toBe('ana');
    await expect(shownBy(agent, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
  });

  it('shows a renewed certificate without a restart, and loses nobody who is in', async () => {
    show('first');
    const agent = await startAgent();
    const client = enter(envOf(agent, await give(agent, 'ana')));
    await until('ana is in', isLive(client));
    const before = await shownBy(agent);
    show('second');
    await until('the new one is shown', async () => (await shownBy(agent)) !== before);
    expect(client.view().connection.name).toBe('live');
    expect(agent.lines.join('\n')).toContain('the certificate was renewed');
    expect((await client.send({ type: 'declare', title: 't', services: ['checkout'], severity: 'SEV3' })).ok).toBe(
      true,
    );
  });

  it.each([
    ['torn', () => writeFileSync(file('live.crt'), '-----BEGIN CERTIFICATE-----\nnonsense'), 'cannot be used together'],
    ['of another key', () => copyFileSync(file('second.crt'), file('live.crt')), 'cannot be used together'],
    ['gone', () => rmSync(file('live.key')), 'cannot be read: ENOENT'],
    ['expired', () => show('over'), 'it expired at'],
  ])('goes on with the certificate it has when the new one is %s, loudly', async (_what, spoil, words) => {
    show('first');
    const agent = await startAgent();
    const before = await shownBy(agent);
    spoil();
    await until('it says so', () => agent.lines.some((line) => line.includes(words) && line.includes('is refused')));
    expect(await shownBy(agent)).toBe(before);
    show('second');
    await until('a sound one is shown', async () => (await shownBy(agent)) !== before);
  });

  it('starts with an expired certificate, loudly: a room of its own host is better than none', async () => {
    show('over');
    const agent = await startAgent();
    expect(agent.lines.join('\n')).toContain('expired at');
    expect((await run(['status'], agent.env)).exit).toBe(0);
  });

  it('does not start with a certificate it cannot use', async () => {
    show('first');
    copyFileSync(file('second.key'), file('live.key'));
    await expect(startAgent()).rejects.toMatchObject({
      code: 'bad-config',
      nextStep: expect.stringContaining('server.yaml'),
    });
  });

  it('is found on its own host over the socket, without anything to set', async () => {
    show('first');
    const agent = await startAgent();
    expect(findAgent(agent.env, agent.stateDirectory).url).toBe(`unix:${join(agent.stateDirectory, 'agent.sock')}`);
    expect(statSync(join(agent.stateDirectory, 'agent.sock')).mode & 0o777).toBe(0o600);
    expect((await run(['declare', '--service', 'checkout', '--title', 't'], agent.env)).exit).toBe(0);
  });
});

describe('beyond the loopback', () => {
  it('listens with a certificate and a named token, and not with one of them alone', async () => {
    show('first');
    await expect(startAgent('{}\n', { host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'bad-config',
      message: 'will not listen on 0.0.0.0 without a certificate: that is not a loopback address',
    });
    await expect(startAgent(serverYaml(), { host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'bad-config',
      nextStep: 'add one: warroom token add NAME --permission commander',
    });
    const agent = await startAgent();
    const token = await give(agent, 'ana');
    await agent.stop();
    agent.listenOn('0.0.0.0');
    await agent.start();
    const client = enter(envOf(agent, token));
    await until('ana is in', isLive(client));
  });
});

describe('a client certificate that is required', () => {
  const required = (): string => serverYaml(`, clientCertificates: { ca: ${ours.file}, required: true }`);
  const with_ = (name: string) => ({
    WARROOM_CLIENT_CERT: file(`client-${name}.crt`),
    WARROOM_CLIENT_KEY: file(`client-${name}.key`),
  });

  it('is asked for besides the token, and must name the same person', async () => {
    show('first');
    const agent = await startAgent(required());
    const ana = await give(agent, 'ana');
    const ben = await give(agent, 'ben');
    const status = (token: string, more: Record<string, string>) =>
      run(['status', '--json'], envOf(agent, token, more));
    expect((await status(ana, with_('ana'))).exit).toBe(0);
    expect(jsonOf(await status(ben, with_('ana')))).toMatchObject({
      error: { code: 'agent-refused', message: 'the client certificate does not name ben, whose token this is' },
    });
    expect((await status('wrong', with_('ana'))).exit).toBe(4);
    expect(jsonOf(await status(ana, {}))).toMatchObject({
      error: { message: expect.stringContaining('asks for a client certificate: set WARROOM_CLIENT_CERT') },
    });
    expect(jsonOf(await status(ana, with_('stranger')))).toMatchObject({
      error: { message: expect.stringContaining('may not accept the client certificate') },
    });
  });
});

describe('the words for a line that does not come about', () => {
  const wordsOf = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await run(['status', '--json'], env);
    expect(answer.exit).toBe(4);
    return (jsonOf(answer).error as { message: string }).message;
  };

  it('name an authority that is not trusted, and the variable that helps', async () => {
    show('first');
    const agent = await startAgent();
    const token = await give(agent, 'ana');
    expect(await wordsOf(envOf(agent, token, { WARROOM_CA: theirs.file }))).toContain('set WARROOM_CA');
    const { WARROOM_CA: _, ...usual } = envOf(agent, token);
    expect(await wordsOf(usual)).toContain('set WARROOM_CA');
  });

  it('name another name', async () => {
    show('elsewhere');
    const agent = await startAgent();
    const words = await wordsOf(envOf(agent, await give(agent, 'ana')));
    expect(words).toContain('is for another name');
    expect(words).toContain('elsewhere.example');
  });

  it('name a certificate that is over', async () => {
    show('over');
    const agent = await startAgent();
    expect(await wordsOf(envOf(agent, await give(agent, 'ana')))).toContain('has expired');
  });

  it('name the wrong kind of address, either way', async () => {
    show('first');
    const secure = await startAgent();
    const token = await give(secure, 'ana');
    const plainly = { WARROOM_URL: secure.url.replace('https:', 'http:') };
    expect(await wordsOf(envOf(secure, token, plainly))).toContain('if it speaks TLS, say https://');
    const plain = await startAgent('{}\n');
    const securely = { WARROOM_URL: plain.url.replace('http:', 'https:') };
    expect(await wordsOf(envOf(plain, token, securely))).toContain('does not speak TLS: say http://');
  });

  it('are HTTP 421 for a name that is neither in the certificate nor in the configuration', async () => {
    show('first');
    const agent = await startAgent();
    const { port } = new URL(agent.url);
    const asked = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const place = { host: '127.0.0.1', port, path: '/healthz', servername: 'localhost' };
        get({ ...place, ca: readFileSync(ours.file), headers: { host } }, (answer) => resolve(answer.statusCode)).on(
          'error',
          reject,
        );
      });
    expect(await asked('evil.example')).toBe(421);
    expect(await asked(`warroom.example:${port}`)).toBe(200);
  });
});
