import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addToken, tokensPath } from '../../src/agent/tokens/token-file.ts';
import { type AgentDoor, fetchThrough, openWebSocket } from '../../src/client/agent-door.ts';
import { findAgent } from '../../src/client/find-agent.ts';
import type { Command, PersonCommandInput } from '../../src/incident/commands.ts';
import { includes, PERMISSIONS, type Permission, permissionFor } from '../../src/incident/permission.ts';
import { decodeAgentMessage, encode } from '../../src/protocol/codec.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { ours as versions } from '../../src/protocol/versions.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { authorityIn } from '../support/certificates.ts';
import { EVERY_COMMAND, schemaTypes } from '../support/every-command.ts';

const WAYS = ['port', 'TLS', 'socket', 'socket for a group'] as const;
type Way = (typeof WAYS)[number];

const agents: AgentUnderTest[] = [];
const tokens: Record<string, string> = {};
const doors: Partial<Record<Way, AgentDoor>> = {};
let directory: string;

/** The same tokens at every agent. */
const startAgent = async (yaml: string): Promise<AgentUnderTest> => {
  const agent = await agentUnderTest({ 'server.yaml': yaml });
  agents.push(agent);
  for (const permission of PERMISSIONS) {
    const order = { name: permission, permission, expiresAtMs: null, by: 'test', nowMs: Date.now() };
    const { token } = await addToken(tokensPath(agent.stateDirectory), order);
    tokens[`${agent.url} ${permission}`] = token;
  }
  return agent;
};

const doorOf = (way: Way, permission: Permission): AgentDoor => {
  const door = doors[way];
  if (door === undefined) throw new Error(`no door ${way}`);
  return { ...door, token: tokens[`${door.token} ${permission}`] ?? '' };
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wr-matrix-'));
  const authority = authorityIn(directory, 'authority');
  const { certificate, key } = authority.sign('agent', { commonName: 'agent', altNames: ['IP:127.0.0.1'] });
  const plain = await startAgent('socket: true\n');
  const secure = await startAgent(
    `tls: { certificate: ${certificate}, key: ${key} }\nsocket: { path: ${join(directory, 'g.sock')}, mode: "0660" }\n`,
  );
  // The token of a door says at first only whose tokens are good there.
  doors.port = { url: plain.url, token: plain.url };
  doors.socket = { url: `unix:${join(plain.stateDirectory, 'agent.sock')}`, token: plain.url };
  doors.TLS = { url: secure.url, token: secure.url, tls: { ca: readFileSync(authority.file, 'utf8') } };
  doors['socket for a group'] = { url: `unix:${join(directory, 'g.sock')}`, token: secure.url };
});
afterAll(async () => {
  for (const agent of agents) await agent.clear();
  rmSync(directory, { recursive: true, force: true });
});

/** Says hello and gives commands one after the other; what became of each, or the farewell. */
const giveAll = (door: AgentDoor, commands: readonly PersonCommandInput[]) =>
  new Promise<{ readonly results: readonly CommandResult[]; readonly farewell: string | null; readonly you: string }>(
    (resolve, reject) => {
      const socket = openWebSocket(door);
      const results: CommandResult[] = [];
      let you = '';
      const giveNext = (): void => {
        const command = commands[results.length];
        if (command === undefined) socket.close();
        else socket.send(encode({ type: 'command', id: `${Math.random()}`.slice(2, 18), command }), { binary: false });
      };
      let farewell: string | null = null;
      socket.on('error', reject);
      socket.on('close', () => resolve({ results, farewell, you }));
      socket.on('open', () =>
        socket.send(
          encode({
            type: 'hello',
            protocol: versions.newest,
            oldest: versions.oldest,
            token: door.token,
            name: 'somebody else',
            since: null,
            log: null,
            mark: null,
            now: Date.now(),
          }),
          { binary: false },
        ),
      );
      socket.on('message', (raw) => {
        const decoded = decodeAgentMessage(raw as Buffer);
        if (!decoded.ok) return reject(new Error(decoded.problem));
        const { message } = decoded;
        if (message.type === 'farewell') farewell = message.message;
        if (message.type === 'welcome') you = message.you;
        if (message.type === 'result') results.push(message.result);
        if (message.type === 'welcome' || message.type === 'result') giveNext();
      });
    },
  );

const isNotPermitted = (result: CommandResult | undefined): boolean =>
  result?.ok === false && result.refusal.reason === 'not-permitted';

const http = (door: AgentDoor, path: string, init: RequestInit = {}) =>
  fetchThrough(door)(`${door.url.startsWith('unix:') ? 'http://localhost' : door.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${door.token}` },
  });

const ALERT = JSON.stringify({ title: 'm', status: 'resolved', dedup_key: 'k', severity: 'low', service: 'vault' });

it('has an example of every command that the wire knows', () => {
  expect(schemaTypes().toSorted()).toEqual(Object.keys(EVERY_COMMAND).toSorted());
});

describe.each(WAYS)('over the %s', (way) => {
  it.each(PERMISSIONS)('a %s gets done what the permission allows, and nothing else', async (permission) => {
    const commands = Object.values(EVERY_COMMAND);
    const { results, you } = await giveAll(doorOf(way, permission), commands);
    expect(you).toBe(permission);
    const outcome = commands.map((command, index) => [command.type, isNotPermitted(results[index])]);
    const expected = commands.map((command) => {
      const needed = permissionFor(command as Command);
      return [command.type, needed === null || !includes(permission, needed)];
    });
    expect(outcome).toEqual(expected);
  });

  it('only a commander takes the command of an incident, or gives it', async () => {
    const commands: readonly PersonCommandInput[] = [
      { type: 'claim-role', incident: 'INC-2026-0001', role: 'commander' },
      { type: 'assign-role', incident: 'INC-2026-0001', role: 'commander', person: 'zoe' },
    ];
    const refused = async (permission: Permission) =>
      (await giveAll(doorOf(way, permission), commands)).results.map(isNotPermitted);
    expect(await refused('responder')).toEqual([true, true]);
    expect(await refused('commander')).toEqual([false, false]);
  });

  it.each([
    ['viewer', 403],
    ['responder', 200],
    ['commander', 200],
  ] as const)('an alert that a %s posts is answered with %i', async (permission, status) => {
    const answer = await http(doorOf(way, permission), '/api/v1/alerts/generic', { method: 'POST', body: ALERT });
    expect(answer.status).toBe(status);
  });

  it.each(PERMISSIONS)('a %s sees what is on', async (permission) => {
    expect((await http(doorOf(way, permission), '/api/v1/incidents')).status).toBe(200);
    expect((await http(doorOf(way, permission), '/metrics')).status).toBe(200);
  });

  it('nobody gets anything for a token that is of nobody, or for one of another agent', async () => {
    const others = doorOf(way === 'port' || way === 'socket' ? 'TLS' : 'port', 'commander').token;
    for (const token of ['wrong', others]) {
      const door = { ...doorOf(way, 'viewer'), token };
      expect(await giveAll(door, Object.values(EVERY_COMMAND))).toMatchObject({
        results: [],
        farewell: 'the token is not accepted: nobody here knows it',
      });
      expect((await http(door, '/api/v1/incidents')).status).toBe(401);
      expect((await http(door, '/api/v1/alerts/generic', { method: 'POST', body: ALERT })).status).toBe(401);
    }
  });

  it(`${way === 'socket' ? 'the owner' : 'nobody'} gets in without a token`, async () => {
    const door = { ...doorOf(way, 'viewer'), token: '' };
    const { results, farewell, you } = await giveAll(door, [EVERY_COMMAND.silence]);
    const { status } = await http(door, '/api/v1/incidents');
    if (way === 'socket') expect([results[0]?.ok, farewell, you, status]).toEqual([true, null, 'somebody else', 200]);
    else expect([results, farewell, you, status]).toEqual([[], 'a token is needed', '', 401]);
  });
});

it('the local token of an agent opens each of its doors on its host', async () => {
  for (const agent of agents) {
    const { token } = findAgent(agent.env, agent.stateDirectory);
    for (const door of Object.values(doors).filter((its) => its.token === agent.url))
      expect((await giveAll({ ...door, token }, [])).you).toBe('somebody else');
  }
});
