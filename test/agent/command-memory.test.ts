import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Agent, startAgent } from '../../src/agent/agent.ts';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { COMMANDS_REMEMBERED, commandMemory } from '../../src/agent/command-memory.ts';
import { openFileEventLog } from '../../src/agent/log/file-event-log.ts';
import type { Actor, Commit } from '../../src/incident/commit.ts';
import { safeText } from '../../src/incident/text.ts';
import { manualClock } from '../support/manual-clock.ts';
import { person, policy, START } from '../support/room.ts';
import { temporaryDirectories } from './log/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const ID = 'INC-2026-0001';

const agentOn = async (directory: string): Promise<Agent> =>
  startAgent({
    version: 'test',
    log: await openFileEventLog({ directory }),
    clock: manualClock(Date.parse(START)),
    newId: randomUUID,
    policy: () => policy,
    signals: { current: () => ({}), subscribe: () => () => {}, baseline: () => null },
    driver: () => null,
    notifier: () => ({ send: async () => ({ ok: true }) }),
    keep: async () => {},
    links: () => [],
    agentLog: agentLogTo(() => {}),
  });

const commitOf = (seq: number, actor: Actor): Commit => ({
  v: 1,
  seq,
  prev: '',
  at: START,
  commandId: `${actor.kind}-${seq}`,
  actor,
  events: [{ type: 'agent.started', version: 'test' }],
});

describe('the memory of commands', () => {
  it('holds those of persons, the latest of them, whatever the agent and its sources do meanwhile', () => {
    const memory = commandMemory();
    memory.remember(commitOf(1, person('ana')));
    memory.remember(commitOf(2, person('ana')));
    for (let seq = 3; seq <= 2 * COMMANDS_REMEMBERED; seq += 1)
      memory.remember(commitOf(seq, { kind: 'source', name: 'am' }));
    expect(memory.recall('person-1')).toEqual({ ok: true, seq: 1, subject: null });
    for (let seq = 1; seq < COMMANDS_REMEMBERED; seq += 1)
      memory.remember(commitOf(2 * COMMANDS_REMEMBERED + seq, person('ben')));
    expect(memory.recall('person-1')).toBeUndefined();
    expect(memory.recall('person-2')).toEqual({ ok: true, seq: 2, subject: null });
    expect(commandMemory(memory.all()).all()).toEqual(memory.all());
  });

  it('[C3] holds over restarts, with a snapshot or without, however many commits came after', async () => {
    const directory = newDirectory();
    const by = (commandId: string) => ({ actor: person('ana'), permission: 'commander' as const, commandId });
    const declare = (agent: Agent) =>
      agent.execute(
        { type: 'declare', title: safeText('x'), services: [safeText('checkout')], severity: 'SEV4' },
        by('first-declare'),
      );
    const first = await agentOn(directory);
    const declared = await declare(first);
    expect(declared).toMatchObject({ ok: true, subject: ID });
    const note = (count: number) =>
      first.execute({ type: 'add-note', incident: ID, text: safeText('n') }, by(`note-${count}`));
    await Promise.all(Array.from({ length: 400 }, (_, count) => note(count)));
    await first.stop();
    for (let starts = 0; starts < 2; starts += 1) {
      const next = await agentOn(directory);
      expect(await declare(next)).toEqual(declared);
      await next.stop();
    }
  });
});
