import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type Ended, jsonOf, run } from './command-line.ts';

let agent: AgentUnderTest;
beforeAll(async () => {
  agent = await agentUnderTest();
});
afterAll(() => agent.clear());

const warroom = (...args: readonly string[]): Promise<Ended> => run(args, agent.env);
const json = async (...args: readonly string[]) => {
  const ended = await warroom(...args, '--json');
  return { exit: ended.exit, ...jsonOf(ended) } as Record<string, unknown> & {
    incident: Record<string, unknown>;
    subject: string;
    exit: number;
  };
};
const declared = async (): Promise<string> => {
  const { subject } = await json('declare', '--service', 'checkout', '--title', 'checkout fails', '--severity', 'sev2');
  return subject;
};

describe('opening an incident', () => {
  it('by hand answers with its id once it is durable', async () => {
    const { exit, stdout } = await warroom('declare', '--service', 'checkout', 'payments', '--title', 'both fail');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^INC-\d{4}-\d{4} declared SEV3: both fail\n$/);
  });

  it('answers scripts with number, subject and the incident as it then is', async () => {
    const answer = await json('declare', '--service', 'payments', '--title', 'payments fail', '--severity', 'sEv1');
    expect(answer).toEqual({
      exit: 0,
      ok: true,
      seq: expect.any(Number),
      subject: expect.stringMatching(/^INC-/),
      incident: {
        id: answer.subject,
        title: 'payments fail',
        severity: 'SEV1',
        phase: 'triage',
        services: ['payments'],
        declaredAt: expect.any(String),
        commander: null,
        escalation: { nextLevel: expect.any(String), nextAt: expect.any(String), heldBy: null },
        recoveryProposed: false,
        ledger: [],
      },
    });
  });

  it('by an alert joins the open one of the service, and a cleared one is told', async () => {
    const first = await json('alert', 'vault', 'critical', 'seal', 'is', 'broken');
    const second = await json('alert', 'vault', 'warning', 'queue grows');
    expect(first.incident).toMatchObject({ severity: 'SEV1', title: 'vault: seal is broken' });
    expect(second.incident.id).toBe(first.incident.id);
    const cleared = await warroom('alert', 'vault', 'warning', 'queue grows', '--cleared');
    expect(cleared).toMatchObject({ exit: 0, stdout: expect.stringContaining('cleared') });
    await warroom('close', first.subject, '--false-alarm');
  });

  it('on a service nobody configured is refused with 3, the reason and the remedy', async () => {
    const said = await warroom('declare', '--service', 'chekout', '--title', 'x');
    expect(said).toMatchObject({ exit: 3, stdout: '' });
    expect(said.stderr).toContain('refused: there is no service chekout\n');
    expect(said.stderr).toContain('services: checkout, payments, vault');
    expect(await json('declare', '--service', 'chekout', '--title', 'x')).toEqual({
      exit: 3,
      ok: false,
      refusal: {
        reason: 'no-such-service',
        message: 'there is no service chekout',
        remedy: 'services: checkout, payments, vault',
        actions: [],
      },
    });
  });

  it.each([
    ['an empty title', ['declare', '--service', 'checkout', '--title', '']],
    ['a title of control characters alone', ['declare', '--service', 'checkout', '--title', '\u001b[2J']],
    ['an id longer than any', ['ack', 'I'.repeat(60)]],
  ])('%s never reaches the agent', async (_what, args) => {
    expect(await warroom(...args)).toMatchObject({ exit: 2, stdout: '' });
  });

  it('more words than fit are kept to the length a note has', async () => {
    const id = await declared();
    expect(await warroom('note', id, 'x'.repeat(100_000))).toMatchObject({ exit: 0 });
    const { stdout } = await warroom('timeline', id, '--json');
    expect(stdout.length).toBeLessThan(20_000);
  });
});

describe('an incident', () => {
  let id: string;
  beforeEach(async () => {
    id = await declared();
  });

  it("is acknowledged in somebody's name, until a time", async () => {
    const short = String(Number(id.slice(-4)));
    const { exit, stdout } = await warroom('ack', short, '--as', 'ben');
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`^ben has ${id} until \\d\\d:\\d\\d:\\d\\d UTC\n$`));
    expect((await json('ack', id, '--as', 'ben')).incident.escalation).toMatchObject({ heldBy: 'ben' });
  });

  it('takes notes and corrections', async () => {
    expect(await json('note', id, 'release', '3', 'went out')).toMatchObject({
      exit: 0,
      subject: 'N1',
      incident: { id },
    });
    expect(await warroom('correct-note', id, 'n1', 'release 4')).toMatchObject({
      exit: 0,
      stdout: `N1 of ${id} corrected\n`,
    });
    expect((await warroom('timeline', id)).stdout).toMatch(
      /note: release 3 went out\n[\s\S]*note N1 corrected: release 4\n/,
    );
    expect(await json('correct-note', id, 'N9', 'x')).toMatchObject({ exit: 3, refusal: { reason: 'no-such-note' } });
  });

  it('has a role taken, held and given up', async () => {
    expect(await warroom('role', id, 'IC')).toMatchObject({ exit: 0, stdout: `ana has command of ${id}\n` });
    expect(await json('role', id, 'commander', '--as', 'ben')).toMatchObject({
      exit: 3,
      refusal: { reason: 'role-held' },
    });
    expect((await json('role', id, 'commander', '--release')).incident).toMatchObject({ commander: null });
  });

  it('is raised by anybody, and lowered by its commander with a reason', async () => {
    expect((await json('severity', id, 'sev1')).incident).toMatchObject({ severity: 'SEV1' });
    expect(await json('severity', id, 'SEV3')).toMatchObject({ exit: 3, refusal: { reason: 'commander-only' } });
    await warroom('role', id, 'commander');
    expect(await json('severity', id, 'SEV3')).toMatchObject({ exit: 3, refusal: { reason: 'reason-required' } });
    const lowered = await warroom('severity', id, 'SEV3', '--reason', 'only one region');
    expect(lowered).toMatchObject({ exit: 0, stdout: `${id} is SEV3\n` });
  });

  it('changes phase, title and services', async () => {
    expect((await json('phase', id, 'Mitigation')).incident).toMatchObject({ phase: 'mitigation' });
    expect((await json('title', id, 'checkout', 'is slow')).incident).toMatchObject({ title: 'checkout is slow' });
    expect((await json('services', id, 'checkout', 'vault')).incident).toMatchObject({
      services: ['checkout', 'vault'],
    });
    expect(await warroom('phase', id, 'mitigation')).toMatchObject({ exit: 3 });
  });

  it('is resolved, reopened and closed', async () => {
    expect(await warroom('resolve', id)).toMatchObject({ exit: 0, stdout: `${id} is resolved\n` });
    expect(await warroom('reopen', id, '--reason', 'again')).toMatchObject({
      exit: 0,
      stdout: `${id} is open again, in triage\n`,
    });
    expect(await json('close', id)).toMatchObject({ exit: 3, refusal: { reason: 'not-resolved' } });
    expect(await warroom('close', id, '--false-alarm', '--reason', 'a test')).toMatchObject({
      exit: 0,
      stdout: `${id} is closed as a false alarm\n`,
    });
    expect(await json('note', id, 'and after')).toMatchObject({ exit: 0 });
  });

  it('that is unknown is refused', async () => {
    expect(await json('ack', '9999')).toMatchObject({ exit: 3, refusal: { reason: 'no-such-incident' } });
    expect(await json('timeline', '9999')).toMatchObject({ exit: 3, refusal: { reason: 'no-such-incident' } });
  });
});

describe('looking', () => {
  it('status tells scripts exactly the shape the design promises', async () => {
    const id = await declared();
    const status = (await json('status')) as unknown as { incidents: { id: string }[] } & Record<string, unknown>;
    expect(Object.keys(status).sort()).toEqual(['agent', 'exit', 'incidents', 'signals']);
    expect(status.agent).toEqual({
      seq: expect.any(Number),
      startedAt: expect.any(String),
      version: 'test',
      writable: true,
    });
    expect(status.incidents.map((incident) => incident.id)).toContain(id);
    expect(status.incidents.find((incident) => incident.id === id)).toMatchObject({
      severity: 'SEV2',
      commander: null,
      ledger: [],
    });
  });

  it('status tells people what is on, the severest first, and that nobody commands', async () => {
    const id = await declared();
    const worse = (await json('declare', '--service', 'vault', '--title', 'vault is open', '--severity', 'sev1'))
      .subject;
    const { stdout } = await warroom('status');
    expect(stdout).toContain(`SEV2  ${id}  triage  checkout fails\n      checkout; for `);
    expect(stdout).toContain('NO COMMANDER; next page sev2/');
    expect(stdout.indexOf(worse)).toBeLessThan(stdout.indexOf(id));
    await warroom('ack', id, '--as', 'ben');
    expect((await warroom('status')).stdout).toContain('ben has it');
  });

  it('the timeline tells what happened, who did it and when', async () => {
    const id = await declared();
    await warroom('note', id, 'looking', '--as', 'ben');
    const { stdout } = await warroom('timeline', id);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`${id} SEV2 checkout fails`);
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}ana {2,}declared SEV2: checkout fails$/);
    expect(lines).toContainEqual(expect.stringMatching(/Z {2}ben {2,}note: looking$/));
    const { incident, entries } = (await json('timeline', id)) as unknown as { incident: string; entries: unknown[] };
    expect(incident).toBe(id);
    expect(entries[0]).toMatchObject({
      seq: expect.any(Number),
      at: expect.any(String),
      actor: { kind: 'person', name: 'ana' },
      event: { type: 'incident.declared' },
      text: 'declared SEV2: checkout fails',
    });
  });

  it('draws hostile words as harmless ones', async () => {
    const evil = '\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u202egone\r\nSEV9  INC-1  fake';
    const { subject } = await json('declare', '--service', 'checkout', '--title', `t${evil}`);
    await warroom('note', subject, `n${evil}`, '--as', `e${evil}`);
    for (const args of [['status'], ['timeline', subject], ['status', '--json'], ['timeline', subject, '--json']]) {
      const { stdout } = await warroom(...args);
      expect(stdout).toContain('gone');
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).not.toMatch(/^SEV9/m);
    }
  });
});

describe('an agent that comes and goes', () => {
  it('keeps what was answered with 0', async () => {
    const id = await declared();
    expect(await warroom('note', id, 'must survive')).toMatchObject({ exit: 0 });
    await agent.stop();
    expect((await warroom('status')).exit).toBe(4);
    await agent.start();
    expect((await warroom('timeline', id)).stdout).toContain('note: must survive');
  });
});

describe('an incident that ended longer ago than the reopen window', () => {
  let other: AgentUnderTest;
  beforeAll(async () => {
    other = await agentUnderTest({ 'escalation.yaml': 'reopenWithin: 0s\n' });
  });
  afterAll(() => other.clear());

  it('is followed by a new one', async () => {
    const [first, second] = [1, 2].map((number) => `INC-${new Date().getUTCFullYear()}-000${number}`);
    await run(['declare', '--service', 'checkout', '--title', 'it fails', '--severity', 'sev2'], other.env);
    await run(['resolve', '1'], other.env);
    const { exit, stdout } = await run(['reopen', '1'], other.env);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${second} declared SEV2, follows ${first}\n` });
  });
});
