import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type Ended, jsonOf, run } from './command-line.ts';

let agent: AgentUnderTest;
let open: string;
let over: string;
let falseAlarm: string;

const warroom = (...args: readonly string[]): Promise<Ended> => run(args, agent.env);
const json = async (...args: readonly string[]) => {
  const ended = await warroom(...args, '--json');
  return { exit: ended.exit, ...jsonOf(ended) } as Record<string, unknown> & { subject: string; exit: number };
};
const declared = async (service: string, title: string): Promise<string> =>
  (await json('declare', '--service', service, '--title', title, '--severity', 'sev2')).subject;

beforeAll(async () => {
  agent = await agentUnderTest();
  over = await declared('payments', 'payments are slow');
  await warroom('role', over, 'ic', '--as', 'dora');
  await warroom('resolve', over);
  await warroom('close', over);
  falseAlarm = await declared('vault', 'a probe fails');
  await warroom('close', falseAlarm, '--false-alarm');
  open = await declared('checkout', 'checkout fails');
  await warroom('note', open, 'release 3 went out');
});
afterAll(() => agent.clear());

const found = async (...words: readonly string[]): Promise<readonly string[]> =>
  ((await json('incidents', ...words)).incidents as readonly { id: string }[]).map(({ id }) => id);

describe('the list of incidents', () => {
  it('has the open ones first, then every closed one', async () => {
    const { exit, stdout } = await warroom('incidents');
    expect(exit).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(new RegExp(`^SEV2 {2}${open} {2}triage +\\d+ s ago {2}- +checkout fails$`));
    expect(lines.slice(1).join('\n')).toMatch(new RegExp(`${over} {2}closed +\\d+ s ago {2}dora {2}payments are slow`));
    expect(lines.slice(1).join('\n')).toMatch(new RegExp(`${falseAlarm} {2}false alarm {2}`));
  });

  it('tells scripts each as in the status, with its ends', async () => {
    const { exit, incidents } = (await json('incidents')) as unknown as {
      exit: number;
      incidents: readonly { id: string }[];
    };
    expect(exit).toBe(0);
    expect(incidents.find(({ id }) => id === over)).toMatchObject({
      id: over,
      title: 'payments are slow',
      severity: 'SEV2',
      phase: 'closed',
      services: ['payments'],
      declaredAt: expect.any(String),
      commander: 'dora',
      recoveryProposed: false,
      ledger: [],
      resolvedAt: expect.stringMatching(/Z$/),
      closedAt: expect.stringMatching(/Z$/),
      falseAlarm: false,
    });
    expect(incidents.find(({ id }) => id === open)).toMatchObject({
      resolvedAt: null,
      closedAt: null,
      falseAlarm: false,
    });
    expect(incidents.find(({ id }) => id === falseAlarm)).toMatchObject({ falseAlarm: true });
  });

  it('is searched by any words, all of which must be there', async () => {
    expect(await found('dora')).toEqual([over]);
    expect(await found('payments', 'slow')).toEqual([over]);
    expect(await found('payments slow !closed')).toEqual([]);
    expect(await found('false', 'alarm')).toEqual([falseAlarm]);
    expect(await found('checkout')).toEqual([open]);
    expect(await found(new Date().toISOString().slice(0, 4))).toHaveLength(3);
  });

  it('says so where none is like that', async () => {
    expect(await warroom('incidents', 'xyz')).toMatchObject({ exit: 0, stdout: 'no incident is like that\n' });
    expect(await json('incidents', 'xyz')).toEqual({ exit: 0, incidents: [], archived: 0 });
  });

  it('says so where there was none at all', async () => {
    const empty = await agentUnderTest();
    try {
      expect(await run(['incidents'], empty.env)).toMatchObject({ exit: 0, stdout: 'no incident\n' });
    } finally {
      await empty.clear();
    }
  });
});

describe('the summary of an incident', () => {
  it('says in at most twenty lines how it stands and what happened', async () => {
    const { exit, stdout } = await warroom('summary', String(Number(open.slice(-4))));
    expect(exit).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines[0]).toMatch(/^SEV2 INC-\d+: checkout fails$/);
    expect(stdout).toContain('NO COMMANDER');
    expect(stdout).toMatch(/^ {2}\d\d:\d\d:\d\d ana declared SEV2: checkout fails$/m);
    expect(stdout).toMatch(/ana note: release 3 went out/);
    expect(stdout).toContain('unknown');
  });

  it('stays at twenty, whatever happened', async () => {
    const id = await declared('vault', 'vault is sealed');
    for (let index = 0; index < 30; index++) await warroom('note', id, `note ${index}`);
    expect((await warroom('summary', id)).stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    await warroom('close', id, '--false-alarm');
  });

  it('tells scripts the same lines', async () => {
    const answer = (await json('summary', open)) as unknown as { incident: string; lines: readonly string[] };
    expect(answer).toMatchObject({ exit: 0, incident: open });
    expect(answer.lines[0]).toMatch(/^SEV2 INC-\d+: checkout fails$/);
    expect(answer.lines.every((line) => line === line.trim())).toBe(true);
  });

  it('of one that is none is refused with 3; of none at all is a slip', async () => {
    expect(await json('summary', '9999')).toMatchObject({
      exit: 3,
      refusal: { reason: 'no-such-incident', remedy: 'see the list of incidents: warroom incidents' },
    });
    expect(await json('summary', '__proto__')).toMatchObject({ exit: 3 });
    expect(await warroom('summary')).toMatchObject({ exit: 2, stdout: '' });
  });
});

it('both draw hostile words as harmless ones', async () => {
  const evil = '\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u202egone\r\nSEV9  INC-1  fake';
  const id = await declared('checkout', `t${evil}`);
  await warroom('role', id, 'ic', '--as', `e${evil}`);
  await warroom('note', id, `n${evil}`, '--as', `e${evil}`);
  for (const args of [
    ['incidents'],
    ['incidents', '--json'],
    ['summary', id],
    ['summary', id, '--json'],
    ['summary', evil],
  ]) {
    const { stdout, stderr } = await warroom(...args);
    expect(`${stdout}${stderr}`).toContain('gone');
    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(`${stdout}${stderr}`).not.toMatch(/^SEV9/m);
  }
});
