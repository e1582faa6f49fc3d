import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokensPath } from '../../src/agent/tokens/token-file.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { jsonOf, run } from './command-line.ts';

let agent: AgentUnderTest;
beforeAll(async () => {
  agent = await agentUnderTest();
});
afterAll(() => agent.clear());

describe('warroom token', () => {
  it('shows a token once, alone on standard output', async () => {
    const answer = await run(['token', 'add', 'ana', '--permission', 'viewer'], agent.env);
    expect(answer.stdout).toMatch(/^wr_[\w-]{43}\n$/);
    expect(answer.stderr).toBe('ana is a viewer; it does not expire. The token is shown this once.\n');
    const token = answer.stdout.trim();
    const listed = await run(['token', 'list'], agent.env);
    expect(listed.stdout).toMatch(/^name +permission +state +added +expires\nana +viewer +good +\S+ +never\n/);
    for (const text of [listed.stdout, readFileSync(tokensPath(agent.stateDirectory), 'utf8'), ...agent.lines])
      expect(text).not.toContain(token);
  });

  it('answers in a stable shape with --json', async () => {
    const added = jsonOf(
      await run(['token', 'add', 'ben', '--permission', 'commander', '--expires', '30d', '--json'], agent.env),
    );
    expect(added).toMatchObject({ ok: true, name: 'ben', permission: 'commander', state: 'good', addedBy: 'ana' });
    expect(Date.parse(String(added.expiresAt)) - Date.parse(String(added.addedAt))).toBe(30 * 24 * 3_600_000);
    const revoked = jsonOf(await run(['token', 'revoke', 'ben', '--json'], agent.env));
    expect(revoked).toMatchObject({ ok: true, name: 'ben', state: 'revoked', revokedBy: 'ana' });
    expect(revoked).not.toHaveProperty('token');
    const { tokens } = jsonOf(await run(['token', 'list', '--json'], agent.env));
    expect(tokens).toContainEqual(expect.objectContaining({ name: 'ben', state: 'revoked' }));
  });

  it.each([
    [['add', 'zoe'], "required option '--permission <P>' not specified"],
    [['add', 'zoe', '--permission', 'admin'], 'Allowed choices are viewer, responder, commander'],
    [['add', 'local', '--permission', 'viewer'], 'local cannot be the name of a token'],
    [['add', 'a\u001b[31mb', '--permission', 'viewer'], 'cannot be the name of a token'],
    [['add', 'zoe', '--permission', 'viewer', '--expires', 'soon'], 'It is a length of time such as 30d'],
    [['add', 'zoe', '--permission', 'viewer', '--expires', '2026-02-30'], 'It is a length of time such as 30d'],
    [['add', 'zoe', '--permission', 'viewer', '--expires', '2001-01-01'], 'that moment is over already'],
    [['revoke', 'zoe'], 'zoe has no token'],
  ])('says what is wrong with %j', async (args, words) => {
    const { exit, stderr, stdout } = await run(['token', ...args], agent.env);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('\u001b');
  });

  it('takes a day for its last', async () => {
    const said = ['token', 'add', 'late', '--permission', 'viewer', '--expires', '2099-01-31', '--json'];
    expect(jsonOf(await run(said, agent.env)).expiresAt).toBe('2099-02-01T00:00:00.000Z');
  });

  it('works before there is an agent, and makes its directory for its user alone', async () => {
    const root = mkdtempSync(join(tmpdir(), 'warroom-none-'));
    const state = join(root, 'deep', 'state');
    const env = { WARROOM_STATE_DIR: state, USER: 'ana' };
    expect((await run(['token', 'list'], env)).stdout).toContain('nobody has a token');
    expect((await run(['token', 'add', 'ben', '--permission', 'viewer'], env)).exit).toBe(0);
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(readdirSync(state)).toEqual(['tokens.json']);
    rmSync(root, { recursive: true });
  });
});
