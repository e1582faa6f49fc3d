// Owns the proof that a disk without room, a disk without writes and a copied disk lose nothing and are said in words.
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/until.ts';
import type { AgentProcess } from './torture/agent-process.ts';
import { readJournal } from './torture/journal-evidence.ts';
import { judgeJournal, judgePages } from './torture/judge.ts';
import { mayMount, openTrouble, system, type Trouble } from './torture/trouble.ts';

const declareSev1 = { type: 'declare', title: 'nothing works', services: ['alpha'], severity: 'SEV1' } as const;

let place: string;
let canMount: boolean;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'warroom-mount-'));
  canMount = mayMount(place);
  if (!canMount) process.stdout.write('skipped: disks of a size of their own need the right to mount\n');
});
afterAll(() => rmdir(place));

const note = (incident: string, text: string) => ({ type: 'add-note', incident, text }) as const;

/** Fills the log until it takes nothing more, however small; what was acknowledged and refused is on the client's list. */
const writeUntilRefused = async ({ ask, client }: Trouble, incident: string): Promise<void> => {
  for (const length of [3_000, 300, 1]) {
    for (let page = 1; ; page++) {
      const { result } = await ask(note(incident, `page ${page} ${'x'.repeat(length)}`));
      if (result?.ok === false) {
        expect(result.refusal.reason).toBe('agent-read-only');
        break;
      }
      if (page === 400) throw new Error('the log took everything');
      // A client that hurries is sent away.
      if (page % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 600));
    }
  }
  await until('the room to say so', () => client.replica().agent?.writable === false);
};

/** What holds of an agent that lost the disk under its log, and got it back. */
const expectItGoesOn = async (trouble: Trouble, agent: AgentProcess, giveRoom: () => Promise<void>): Promise<void> => {
  const { yard, client, ask } = trouble;
  const { result } = await ask(declareSev1);
  const incident = (result?.ok ? result.subject : null) ?? '';
  await writeUntilRefused(trouble, incident);
  expect(agent.output()).toContain('READ-ONLY');
  await until('a page that was not recorded', () => yard.pager.received.some(({ unrecorded }) => unrecorded), 20_000);
  const refused = await ask(note(incident, 'while there is no room'));
  expect(refused.result).toMatchObject({ ok: false, refusal: { reason: 'agent-read-only' } });
  await giveRoom();
  await until('a note to be taken again', async () => {
    const { result: answer } = await ask(note(incident, 'there is room again'));
    // A client that hurries is sent away.
    if (!answer?.ok) await new Promise((resolve) => setTimeout(resolve, 100));
    return answer?.ok;
  });
  await until('the room to say so', () => client.replica().agent?.writable === true);
  await until('all pages on record', () =>
    Object.values(client.replica().room.incidents[incident]?.pages ?? {}).every(({ state }) => state === 'sent'),
  );
  const { seq } = client.replica();
  expect(await agent.end('SIGTERM')).toBe(0);
  const journal = await readJournal(yard.stateDirectory);
  expect(judgeJournal(journal, client.asked, [])).toEqual([]);
  expect(judgePages(journal, yard.pager.received, seq)).toEqual([]);
  expect(client.asked.filter((one) => one.result?.ok).length).toBeGreaterThan(3);
  expect(client.problems).toEqual([]);
};

describe('a log whose disk takes no more', () => {
  it('because it is full: what was acknowledged stays, pages go out, and it goes on once there is room', async ({
    skip,
  }) => {
    if (!canMount) skip();
    const trouble = await openTrouble();
    const { stateDirectory } = trouble.yard;
    system('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', stateDirectory);
    onTestFinished(() => system('umount', '-l', stateDirectory));
    const ballast = join(stateDirectory, 'ballast');
    await writeFile(ballast, Buffer.alloc(700 * 1024));
    const agent = trouble.start();
    await trouble.join(agent);
    await expectItGoesOn(trouble, agent, () => rm(ballast));
  });

  it('because of a limit on the size of files: the same', async () => {
    const trouble = await openTrouble();
    const agent = trouble.start({ through: ['prlimit', '--fsize=120000:unlimited'] });
    await trouble.join(agent);
    await expectItGoesOn(trouble, agent, async () => system('prlimit', `--pid=${agent.pid}`, '--fsize=unlimited'));
  });

  it('because it is read-only: the agent does not start, says which directory, and ends with 1', async ({ skip }) => {
    if (!canMount) skip();
    const trouble = await openTrouble();
    const { stateDirectory } = trouble.yard;
    system('mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', stateDirectory);
    onTestFinished(() => system('umount', stateDirectory));
    const agent = trouble.start();
    expect(await agent.ended()).toBe(1);
    expect(agent.output()).toContain(stateDirectory);
    expect(agent.output()).toMatch(/read-only file system/i);
    expect(agent.output()).not.toMatch(/\n +at |node:internal/);
  });
});

/** A room that grows while it is copied; resolves with where it runs. */
const growingRoom = async (trouble: Trouble): Promise<string> => {
  await trouble.join(trouble.start());
  const { result } = await trouble.ask(declareSev1);
  const incident = (result?.ok ? result.subject : null) ?? '';
  for (let page = 1; page <= 10; page++) await trouble.ask(note(incident, `before ${page}`));
  return incident;
};

const headSeq = async (stateDirectory: string): Promise<number> => {
  const text = await readFile(join(stateDirectory, 'journal', 'head.json'), 'utf8').catch(() => null);
  return text === null ? 0 : (JSON.parse(text) as { readonly seq: number }).seq;
};

const journalOf = (stateDirectory: string): string => join(stateDirectory, 'journal', 'journal-000001.jsonl');

describe('a journal copied from another host while it was written', () => {
  it('begins where the copy ends, with half a line cut, and every commit before it', async () => {
    const trouble = await openTrouble();
    const { yard, client } = trouble;
    await growingRoom(trouble);
    const copy = join(yard.directory, 'copy');
    await mkdir(join(copy, 'journal'), { recursive: true });
    // As a copy comes out that began before the last line was whole.
    const bytes = await readFile(journalOf(yard.stateDirectory));
    await writeFile(journalOf(copy), bytes.subarray(0, bytes.length - 40));
    const original = await readJournal(yard.stateDirectory);
    client.disconnect();
    const agent = trouble.start({ stateDirectory: copy });
    await until('the agent to be there', () => agent.output().includes('listening on'));
    expect(await agent.end('SIGTERM')).toBe(0);
    const { lines, problems } = await readJournal(copy);
    expect(problems).toEqual([]);
    const whole = bytes.toString().split('\n').length - 2;
    expect(lines.slice(0, whole)).toEqual(original.lines.slice(0, whole));
    expect(lines[whole]?.events).toMatchObject([{ type: 'agent.started' }]);
  });

  it('that ends before what was signed is refused, in words, and left as it is', async () => {
    const trouble = await openTrouble();
    const { yard } = trouble;
    const incident = await growingRoom(trouble);
    const copy = join(yard.directory, 'copy');
    await cp(join(yard.stateDirectory, 'journal'), join(copy, 'journal'), { recursive: true });
    const { lines } = await readJournal(copy);
    await trouble.ask(note(incident, 'after the copy began'));
    await until(
      'the head to be signed further on',
      async () => (await headSeq(yard.stateDirectory)) > lines.length,
      20_000,
    );
    await copyFile(join(yard.stateDirectory, 'journal', 'head.json'), join(copy, 'journal', 'head.json'));
    const before = await readFile(journalOf(copy));
    const agent = trouble.start({ stateDirectory: copy });
    expect(await agent.ended()).toBe(1);
    expect(agent.output()).toMatch(/head\.json.*the journal ends at \d+: the rest is missing/);
    expect(agent.output()).not.toMatch(/\n +at |node:internal/);
    expect(await readFile(journalOf(copy))).toEqual(before);
  });
});
