import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tokensPath } from '../../src/agent/tokens/token-file.ts';
import { connectRoom } from '../../src/client/connect.ts';
import { findAgent } from '../../src/client/find-agent.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { run } from '../cli/command-line.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { until } from '../support/until.ts';

let agent: AgentUnderTest;
beforeAll(async () => {
  agent = await agentUnderTest();
});
afterAll(() => agent.clear());

const clients: RoomClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

let given = 0;
/** A token for a name of its own. */
const give = async (permission = 'responder', ...more: readonly string[]) => {
  given += 1;
  const name = `person-${given}`;
  const { exit, stdout } = await run(['token', 'add', name, '--permission', permission, ...more], agent.env);
  expect(exit).toBe(0);
  return { name, token: stdout.trim(), env: { ...agent.env, WARROOM_TOKEN: stdout.trim() } };
};

const enter = async (env: Readonly<Record<string, string>>): Promise<RoomClient> => {
  const client = connectRoom({ address: () => findAgent(env, agent.stateDirectory), name: 'me' });
  clients.push(client);
  await until('the client is in', () => client.view().connection.name === 'live');
  return client;
};

const refusalOf = (client: RoomClient): string | null => {
  const { connection } = client.view();
  return connection.name === 'refused' ? connection.message : null;
};

const journalOf = ({ stateDirectory }: AgentUnderTest): string => {
  const directory = join(stateDirectory, 'journal');
  const segments = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
  return segments.map((name) => readFileSync(join(directory, name), 'utf8')).join('');
};

describe('a token of one’s own', () => {
  it('is in the room under its own name, at once, and is on record without the token', async () => {
    const { name, env, token } = await give();
    const client = await enter(env);
    expect(client.view().me).toBe(name);
    const fact = `"type":"token.added","name":"${name}","permission":"responder","by":"ana"`;
    await until('it is on record', () => journalOf(agent).includes(fact));
    expect(journalOf(agent)).not.toContain(token);
  });

  it('is that of one person: somebody else’s name is refused before anything is done', async () => {
    const { name, env } = await give();
    const declare = ['declare', '--service', 'vault', '--title', 'not by ben', '--as'];
    const { exit, stderr } = await run([...declare, 'ben'], env);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(`--as ben: the token is that of ${name}`)]);
    expect((await run(['incidents', 'not by ben'], agent.env)).stdout).not.toContain('not by ben');
    expect((await run([...declare, name], env)).exit).toBe(0);
  });

  it('permits what it permits: exit 3 and the words for the rest', async () => {
    const { name, env } = await give('viewer');
    expect((await run(['status'], env)).exit).toBe(0);
    const { exit, stderr } = await run(['declare', '--service', 'vault', '--title', 't'], env);
    expect([exit, stderr]).toEqual([3, expect.stringContaining(`${name} is a viewer: declare needs a responder`)]);
  });

  it('ends live sessions the moment it is revoked, and nobody else’s', async () => {
    const [gone, stays] = [await give(), await give()];
    const [goneClient, staysClient] = [await enter(gone.env), await enter(stays.env)];
    await run(['token', 'revoke', gone.name], agent.env);
    await until('the session ended', () => refusalOf(goneClient));
    expect(refusalOf(goneClient)).toMatch(new RegExp(`^the token of ${gone.name} was revoked at `));
    expect(staysClient.view().connection.name).toBe('live');
    const { exit, stderr } = await run(['status'], gone.env);
    expect([exit, stderr]).toEqual([4, expect.stringContaining(`the token of ${gone.name} was revoked at`)]);
  });

  it('ends live sessions when its time is over', async () => {
    const { name, env } = await give('responder', '--expires', '1s');
    const client = await enter(env);
    await until('the session ended', () => refusalOf(client));
    expect(refusalOf(client)).toMatch(new RegExp(`^the token of ${name} expired at `));
  });

  it('is let in by nobody while the file is damaged; the local token still is, and the file stays as it is', async () => {
    const { env, name } = await give();
    const path = tokensPath(agent.stateDirectory);
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, '{ "v": 1, ');
    const { exit, stderr } = await run(['status'], env);
    expect([exit, stderr]).toEqual([4, expect.stringContaining('cannot read its tokens just now')]);
    expect((await run(['status'], agent.env)).exit).toBe(0);
    expect((await run(['token', 'revoke', name], agent.env)).exit).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe('{ "v": 1, ');
    expect(agent.lines.join('\n')).toContain('tokens.json cannot be used');
    writeFileSync(path, whole);
    expect((await run(['status'], env)).exit).toBe(0);
  });

  it('sees its own private incidents over HTTP, and without a person one sees none', async () => {
    const { name, env, token } = await give('commander');
    const client = await enter(env);
    const secret = { type: 'declare', title: 'secret', services: ['vault'], severity: 'SEV4', people: [] } as const;
    const declared = await client.send(secret);
    expect(declared.ok).toBe(true);
    const titles = async (bearer: string): Promise<string> => {
      const answer = await fetch(`${agent.url}/api/v1/incidents`, { headers: { authorization: `Bearer ${bearer}` } });
      return JSON.stringify(await answer.json());
    };
    expect(await titles(token)).toContain('secret');
    expect(await titles((await give('commander')).token)).not.toContain('secret');
    const local = findAgent(agent.env, agent.stateDirectory).token;
    expect(await titles(local)).not.toContain('secret');
    expect(client.view().me).toBe(name);
  });
});

it('a first start needs no set-up, and nothing it makes is open to others, whatever the umask', async () => {
  const before = process.umask(0);
  const first = await agentUnderTest({ 'server.yaml': 'socket: true\n' });
  try {
    expect((await run(['status'], first.env)).exit).toBe(0);
    expect((await run(['token', 'add', 'ana', '--permission', 'viewer'], first.env)).exit).toBe(0);
    expect(statSync(first.stateDirectory).mode & 0o777).toBe(0o700);
    for (const name of ['token', 'tokens.json', 'agent.sock'])
      expect([name, statSync(join(first.stateDirectory, name)).mode & 0o777]).toEqual([name, 0o600]);
    chmodSync(join(first.stateDirectory, 'token'), 0o644);
    await first.stop();
    expect(readdirSync(first.stateDirectory)).not.toContain('agent.sock');
    await first.start();
    expect(statSync(join(first.stateDirectory, 'token')).mode & 0o777).toBe(0o600);
  } finally {
    process.umask(before);
    await first.clear();
  }
});
