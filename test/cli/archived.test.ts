// Incidents that left the room long ago, still listed, found and told: rules Q1 and Q2 of docs/protocol.md as well.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileEventLog } from '../../src/agent/log/file-event-log.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, msBetween, toTimestamp } from '../../src/incident/time.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { bareTerminal, helloOf, localTokenOf } from '../support/bare-terminal.ts';
import { roomUnderTest } from '../support/room.ts';
import { until } from '../support/until.ts';
import { type Ended, jsonOf, run } from './command-line.ts';

const OLD = 'INC-2026-0001';
const SECRET = 'INC-2026-0002';
let agent: AgentUnderTest;

const warroom = (...args: readonly string[]): Promise<Ended> => run(args, agent.env);

/** Three days ago: one that everybody may see, and one that only dora may. */
const longAgo = () => {
  const story = roomUnderTest();
  story.pass(msBetween(story.now(), toTimestamp(Date.now() - 72 * HOUR)));
  const declare = { type: 'declare', services: [safeText('payments')], severity: 'SEV2' } as const;
  story.does('dora', { ...declare, title: safeText('payments are slow') });
  story.does('dora', { ...declare, title: safeText('keys leaked'), people: [] });
  for (const incident of [OLD, SECRET]) {
    story.does('dora', { type: 'claim-role', incident, role: 'commander' });
    story.does('dora', { type: 'add-note', incident, text: safeText('the pool was exhausted') });
    story.does('dora', { type: 'resolve', incident });
    story.does('dora', { type: 'close', incident, falseAlarm: false, reason: safeText('') });
  }
  return story.commits();
};

beforeAll(async () => {
  agent = await agentUnderTest();
  await agent.stop();
  for (const part of ['journal', 'snapshots'])
    await rm(join(agent.stateDirectory, part), { recursive: true, force: true });
  const log = await openFileEventLog({ directory: agent.stateDirectory });
  for (const { at, commandId, actor, events } of longAgo())
    await log.append(log.head().seq, { at, commandId: `long-ago-${commandId}`, actor, events });
  await log.close();
  await agent.start();
  await warroom('declare', '--service', 'checkout', '--title', 'checkout fails', '--severity', 'sev2');
  await until('both have left the room', async () => {
    const { incidents } = jsonOf(await warroom('status', '--json')) as { incidents: readonly unknown[] };
    const archived = jsonOf(await warroom('incidents', '--json', '--as', 'dora')) as { archived: number };
    return incidents.length === 1 && archived.archived === 2;
  });
});
afterAll(() => agent.clear());

const found = async (...words: readonly string[]): Promise<readonly (readonly [string, boolean])[]> => {
  const { incidents } = jsonOf(await warroom('incidents', ...words, '--json')) as {
    incidents: readonly { id: string; archived: boolean }[];
  };
  return incidents.map(({ id, archived }) => [id, archived]);
};

describe('an archived incident', () => {
  it('[Q1] is listed below those of the room, as closed', async () => {
    const lines = (await warroom('incidents')).stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('checkout fails');
    expect(lines[1]).toMatch(new RegExp(`^SEV2 {2}${OLD} {2}closed +3 d.* ago {2}dora +payments are slow$`));
  });

  it.each([
    [['payments'], [[OLD, true]]],
    [['slow', 'dora'], [[OLD, true]]],
    [['!payments'], [['INC-2026-0003', false]]],
    [['leaked'], []],
    [['leaked', '--as', 'dora'], [[SECRET, true]]],
  ])('[Q1] [V1] is found by %j: %j', async (words, expected) => {
    expect(await found(...words)).toEqual(expected);
  });

  it.each([OLD, '1', 'INC-1', '2026-0001'])('[Q2] is told by the name %s', async (said) => {
    const summary = await warroom('summary', said);
    expect([summary.exit, summary.stdout]).toEqual([0, expect.stringContaining('payments are slow')]);
    const timeline = await warroom('timeline', said);
    expect([timeline.exit, timeline.stdout]).toEqual([0, expect.stringContaining('the pool was exhausted')]);
  });

  it.each([['summary'], ['timeline']])('[Q2] [V1] that is hidden is not there for `%s`', async (command) => {
    const { exit, stderr } = await warroom(command, SECRET);
    expect([exit, stderr]).toEqual([expect.any(Number), expect.stringContaining(`there is no incident ${SECRET}`)]);
    expect(exit).not.toBe(0);
    expect((await warroom(command, SECRET, '--as', 'dora')).stdout).toContain('keys leaked');
  });

  it('[Q1] [Q2] is answered on the wire as it left the room', async () => {
    const terminal = await bareTerminal(agent.url, helloOf(await localTokenOf(agent.stateDirectory), { name: 'ana' }));
    terminal.says({ type: 'ask', id: 'question-1', question: { about: 'archive', words: '', limit: 1 } });
    terminal.says({ type: 'ask', id: 'question-2', question: { about: 'incident', incident: OLD } });
    expect(await terminal.hears('answer', ({ id }) => id === 'question-1')).toMatchObject({
      answer: { about: 'archive', total: 1, cards: [{ id: OLD, commander: 'dora', people: null }] },
    });
    expect(await terminal.hears('answer', ({ id }) => id === 'question-2')).toMatchObject({
      answer: { about: 'incident', incident: { id: OLD, phase: 'closed', notes: { N1: { by: 'dora' } } } },
    });
    terminal.socket.close();
  });
});
