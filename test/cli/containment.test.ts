import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addToken, tokensPath } from '../../src/agent/tokens/token-file.ts';
import { connectRoom } from '../../src/client/connect.ts';
import { findAgent } from '../../src/client/find-agent.ts';
import type { PersonCommandInput } from '../../src/incident/commands.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { type AgentUnderTest, agentUnderTest, BEFORE } from '../support/agent-under-test.ts';
import { type Ended, jsonOf, run, start } from './command-line.ts';

let agent: AgentUnderTest;
let id: string;

const warroom = (...args: readonly string[]): Promise<Ended> => run(args, agent.env);
const json = async (...args: readonly string[]) => {
  const ended = await warroom(...args, '--json');
  return { exit: ended.exit, ...jsonOf(ended) } as { readonly exit: number; readonly subject: string };
};
const onTerminal = (...args: readonly string[]) => start(args, agent.env, true);
const breaker = () => agent.documents.get('/checkout/breaker');
const actionStates = async (): Promise<readonly string[]> => {
  const { entries } = (await json('timeline', id)) as unknown as { entries: { event: { type: string } }[] };
  return entries.map(({ event }) => event.type).filter((type) => type.startsWith('action.'));
};

const begin = async (files: Readonly<Record<string, string>> = {}): Promise<void> => {
  agent = await agentUnderTest(files);
  const services = ['checkout', 'payments', 'vault'];
  id = (await json('declare', '--service', ...services, '--title', 'all is lost', '--severity', 'sev1')).subject;
};

afterEach(() => agent.clear());

describe('contain and undo in a script', () => {
  beforeEach(() => begin());

  it('apply with --yes, and restore exactly what was there before', async () => {
    const contained = await warroom('contain', 'checkout', 'circuit-breaker', '--yes');
    expect(contained).toMatchObject({ exit: 0, stderr: '' });
    expect(contained.stdout).toContain('enabled: false → true');
    expect(contained.stdout).toMatch(/^applied: A1 circuit-breaker on checkout, expires \d\d:\d\d:\d\d UTC$/m);
    expect(breaker()).toEqual({ ...BEFORE.breaker, enabled: true });

    const undone = await warroom('undo', 'a1', '--yes');
    expect(undone).toMatchObject({ exit: 0, stderr: '' });
    expect(undone.stdout).toContain('A1 is taken back (A2)');
    expect(breaker()).toEqual(BEFORE.breaker);
    expect((await warroom('ledger')).stdout).toBe('nothing is in place\n');
  });

  it('answer scripts with the action and its plan', async () => {
    const answer = await json('contain', 'checkout', 'circuit-breaker', '--yes', '--incident', '1', '--as', 'ben');
    expect(answer).toEqual({
      exit: 0,
      ok: true,
      seq: expect.any(Number),
      subject: 'A1',
      action: {
        id: 'A1',
        incident: id,
        service: 'checkout',
        name: 'circuit-breaker',
        params: {},
        undoes: null,
        confirm: 'key',
        requestedBy: 'ben',
        confirmedBy: 'ben',
        state: 'applied',
        appliedAt: expect.any(String),
        expiresAt: expect.any(String),
        plan: {
          driver: 'http',
          target: `${agent.documents.url}/checkout/breaker`,
          changes: [{ path: 'enabled', before: 'false', after: 'true' }],
          touches: ['every request of checkout'],
          command: expect.stringContaining('curl'),
          inverse: expect.stringContaining('puts back'),
        },
      },
    });
    expect(await json('undo', 'A1', '--yes')).toMatchObject({
      ok: true,
      subject: 'A2',
      action: { undoes: 'A1', state: 'applied' },
    });
  });

  it('leave the world and the room as they are with --dry-run', async () => {
    const looked = await warroom('contain', 'checkout', 'circuit-breaker', '--dry-run');
    expect(looked).toMatchObject({ exit: 0, stderr: '' });
    for (const words of [
      'enabled: false → true',
      'every request of checkout',
      'curl',
      'puts back',
      'nothing was changed',
    ]) {
      expect(looked.stdout).toContain(words);
    }
    expect(agent.documents.writes()).toBe(0);
    expect(await actionStates()).toEqual(['action.requested', 'action.planned', 'action.disarmed']);

    await warroom('contain', 'checkout', 'circuit-breaker', '--yes');
    expect(await json('undo', 'A2', '--dry-run')).toMatchObject({
      exit: 0,
      ok: true,
      dryRun: true,
      action: { undoes: 'A2' },
    });
    expect(agent.documents.writes()).toBe(1);
  });

  it('without --yes end with 2, and the arm is cancelled', async () => {
    const { exit, stderr } = await warroom('contain', 'checkout', 'circuit-breaker');
    expect(exit).toBe(2);
    expect(stderr).toContain('--yes');
    expect(agent.documents.writes()).toBe(0);
    expect((await actionStates()).at(-1)).toBe('action.disarmed');
  });

  it('take the service of the command line for the typed target, in production too', async () => {
    expect(await json('contain', 'checkout', 'scale-down', '--yes')).toMatchObject({
      exit: 0,
      action: { confirm: 'typed' },
    });
    expect(agent.documents.get('/checkout/scale')).toEqual({ replicas: 1 });
    expect(await json('contain', 'vault', 'circuit-breaker', '--yes')).toMatchObject({
      exit: 0,
      action: { confirm: 'typed' },
    });
  });

  it('need no confirmation for what policy marks harmless', async () => {
    expect(await warroom('contain', 'checkout', 'flush')).toMatchObject({ exit: 0 });
    expect(agent.documents.get('/checkout/cache')).toEqual({ flushedAt: 'now' });
  });

  it.each([
    [['contain', 'checkuot', 'circuit-breaker', '--yes'], 'no-such-service'],
    [['contain', 'checkout', 'reboot', '--yes'], 'no-such-action'],
    [['undo', 'A9', '--yes'], 'no-such-action'],
    [['contain', 'checkout', 'circuit-breaker', '--yes', '--incident', '99'], 'no-such-incident'],
  ])('%j is refused with 3: %s', async (args, reason) => {
    expect(await json(...args)).toMatchObject({ exit: 3, ok: false, refusal: { reason } });
  });

  it('are refused twice, and closing is refused with the list while something is in place', async () => {
    await warroom('contain', 'checkout', 'circuit-breaker', '--yes');
    expect(await json('contain', 'checkout', 'circuit-breaker', '--yes')).toMatchObject({
      exit: 3,
      refusal: { reason: 'already-in-place', actions: ['A1'] },
    });
    const resolved = await warroom('resolve', id);
    expect(resolved).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('still in place: A1 circuit-breaker on checkout'),
    });
    expect(await json('close', id)).toMatchObject({
      exit: 3,
      refusal: { reason: 'containment-in-place', actions: ['A1'] },
    });
    await warroom('undo', 'A1', '--yes');
    expect(await warroom('close', id)).toMatchObject({ exit: 0 });
  });

  it('fail with 1 where the target cannot be read, and where it refuses', async () => {
    const ghost = await warroom('contain', 'checkout', 'ghost', '--yes');
    expect(ghost).toMatchObject({ exit: 1, stdout: '' });
    expect(ghost.stderr).toMatch(/^failed: A1 ghost on checkout: /);
    agent.documents.refuseWrites(403);
    const refused = await json('contain', 'checkout', 'circuit-breaker', '--yes');
    expect(refused).toMatchObject({
      exit: 1,
      ok: false,
      subject: 'A2',
      failure: { reason: 'rejected' },
      action: { state: 'failed' },
    });
    expect(breaker()).toEqual(BEFORE.breaker);
  });

  it('fail with 1 and both changes where somebody else changed it since', async () => {
    await warroom('contain', 'checkout', 'circuit-breaker', '--yes');
    agent.documents.set('/checkout/breaker', { ...BEFORE.breaker, enabled: 'by hand' });
    const { exit, stderr } = await warroom('undo', 'A1', '--yes');
    expect(exit).toBe(1);
    expect(stderr).toContain('somebody changed it since');
    expect(stderr).toContain('by hand');
    expect(breaker()).toMatchObject({ enabled: 'by hand' });
  });

  it('list what is in place, with owner and expiry', async () => {
    await warroom('contain', 'checkout', 'circuit-breaker', '--yes', '--as', 'ben');
    expect((await warroom('ledger')).stdout).toMatch(
      new RegExp(`^A1  circuit-breaker  checkout  ben  applied \\d+ s  expires in 0[01]:\\d\\d:\\d\\d  ${id}\n$`),
    );
    expect(await json('ledger')).toEqual({
      exit: 0,
      ledger: [
        {
          id: 'A1',
          action: 'circuit-breaker',
          service: 'checkout',
          owner: 'ben',
          reason: 'all is lost',
          appliedAt: expect.any(String),
          expiresAt: expect.any(String),
          state: 'applied',
          incident: id,
        },
      ],
    });
    expect((await warroom('status')).stdout).toContain(
      'in place: A1 circuit-breaker on checkout, ben, applied, expires in',
    );
  });
});

describe('contain on a terminal', () => {
  beforeEach(() => begin());

  it('asks, and applies what was answered with y', async () => {
    const command = onTerminal('contain', 'checkout', 'circuit-breaker');
    await command.says('y and Enter to go on');
    expect(agent.documents.writes()).toBe(0);
    command.type('y');
    expect(await command.ended).toMatchObject({ exit: 0, stdout: expect.stringContaining('applied: A1') });
  });

  it('takes what was typed before the question for no answer', async () => {
    const command = onTerminal('contain', 'checkout', 'circuit-breaker');
    command.type('y');
    await command.says('y and Enter to go on');
    command.type('n');
    expect(await command.ended).toMatchObject({ exit: 1, stderr: expect.stringContaining('nothing was changed') });
    expect(agent.documents.writes()).toBe(0);
  });

  it('wants the name of the target where policy says so, and asks again after a slip', async () => {
    const command = onTerminal('contain', 'vault', 'circuit-breaker');
    await command.says('type vault and Enter');
    command.type('valut');
    await command.says('that is not vault');
    command.type('vault');
    expect(await command.ended).toMatchObject({ exit: 0 });
    expect(agent.documents.get('/vault/breaker')).toMatchObject({ enabled: true });
  });

  it('with --json asks on standard error and answers on standard output', async () => {
    const command = onTerminal('contain', 'checkout', 'circuit-breaker', '--json');
    await command.says('y and Enter to go on');
    command.type('y');
    expect(jsonOf(await command.ended)).toMatchObject({ ok: true, subject: 'A1' });
  });

  it('disarms at an interrupt', async () => {
    const command = onTerminal('contain', 'checkout', 'circuit-breaker');
    await command.says('y and Enter to go on');
    command.interrupt();
    expect(await command.ended).toMatchObject({ exit: 1, stderr: expect.stringContaining('cancelled (interrupted)') });
    expect(agent.documents.writes()).toBe(0);
    expect((await actionStates()).at(-1)).toBe('action.disarmed');
  });

  it('waits for a second person where policy wants one', async () => {
    const command = onTerminal('contain', 'checkout', 'block', '--yes');
    await command.says('another person confirms A1');
    expect(agent.documents.writes()).toBe(0);
    command.interrupt();
    expect(await command.ended).toMatchObject({ exit: 1 });
  });
});

describe('contain and somebody else in the room', () => {
  beforeEach(() => begin());

  const inTheRoom = async (command: PersonCommandInput, token?: string): Promise<CommandResult> => {
    const address = () => ({
      ...findAgent(agent.env, agent.stateDirectory),
      ...(token === undefined ? {} : { token }),
    });
    const client = connectRoom({ address, name: 'ben' });
    try {
      return await client.send(command);
    } finally {
      client.close();
    }
  };

  it('goes on when the second person confirms', async () => {
    const command = onTerminal('contain', 'checkout', 'block', '--json');
    await command.says('another person confirms A1');
    const confirm = { type: 'confirm', action: 'A1', typed: null } as const;
    // A name is quickly said; a token of one's own is another person.
    expect(await inTheRoom(confirm)).toMatchObject({ ok: false, refusal: { reason: 'same-person' } });
    const { token } = await addToken(tokensPath(agent.stateDirectory), {
      name: 'ben',
      permission: 'responder',
      expiresAtMs: null,
      by: 'ana',
      nowMs: Date.now(),
    });
    expect(await inTheRoom(confirm, token)).toMatchObject({ ok: true });
    expect(jsonOf(await command.ended)).toMatchObject({ ok: true, action: { requestedBy: 'ana', confirmedBy: 'ben' } });
  });

  it('stops asking when it is confirmed there', async () => {
    const command = onTerminal('contain', 'checkout', 'circuit-breaker');
    await command.says('y and Enter to go on');
    await inTheRoom({ type: 'confirm', action: 'A1', typed: null });
    expect(await command.ended).toMatchObject({ exit: 0 });
  });

  it('ends with 3 when it is cancelled there', async () => {
    const command = onTerminal('contain', 'checkout', 'circuit-breaker');
    await command.says('y and Enter to go on');
    await inTheRoom({ type: 'disarm', action: 'A1' });
    expect(await command.ended).toMatchObject({ exit: 3, stderr: expect.stringContaining('cancelled in the room') });
    expect(agent.documents.writes()).toBe(0);
  });
});

describe('an arm that runs out', () => {
  beforeEach(() => begin({ 'escalation.yaml': 'armFor: 1s\n' }));

  it('ends the waiting for a second person with 3', async () => {
    expect(await json('contain', 'checkout', 'block', '--yes')).toMatchObject({
      exit: 3,
      refusal: { reason: 'arm-expired' },
    });
    expect(agent.documents.writes()).toBe(0);
  });

  it('ends the question with 3', async () => {
    const command = onTerminal('contain', 'checkout', 'circuit-breaker');
    expect(await command.ended).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('was not confirmed in time'),
    });
    expect(agent.documents.writes()).toBe(0);
  });
});
