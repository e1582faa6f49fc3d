import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandMemory } from '../../src/agent/command-memory.ts';
import { type Committer, createCommitter } from '../../src/agent/committer.ts';
import type { EventLog } from '../../src/agent/log/event-log.ts';
import { type FileEventLog, openFileEventLog } from '../../src/agent/log/file-event-log.ts';
import { emptyRoom } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { manualClock } from '../support/manual-clock.ts';
import { alertTold, person, policy } from '../support/room.ts';

const ID = 'INC-2026-0001';
let directory: string;
let log: FileEventLog;
let diskIsFull = false;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'warroom-committer-'));
  log = await openFileEventLog({ directory });
  diskIsFull = false;
});
afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true, force: true });
});

const committerOn = (its: EventLog): Committer =>
  createCommitter({
    log: its,
    clock: manualClock(),
    onFault: (error) => {
      throw error;
    },
    policy: () => policy,
    start: { seq: 0, room: emptyRoom },
    memory: commandMemory(),
    newId: randomUUID,
  });

/** The real log on a disk that can be full. */
const fullAtTimes = (): EventLog => ({
  ...log,
  append: async (seq, draft) =>
    diskIsFull ? { ok: false, reason: 'unwritable', detail: 'ENOSPC', takenBack: true } : log.append(seq, draft),
});

const declare = {
  type: 'declare',
  title: safeText('checkout fails'),
  services: [safeText('checkout')],
  severity: 'SEV2',
} as const;
const note = (text: string) => ({ type: 'add-note', incident: ID, text: safeText(text) }) as const;
const ana = (commandId: string) => ({ actor: person('ana'), permission: 'commander' as const, commandId });

describe('the committer', () => {
  it('answers a command that it fails to decide, tells the fault loudly, and goes on', async () => {
    const faults: unknown[] = [];
    const committer = createCommitter({
      log,
      clock: manualClock(),
      onFault: (error) => faults.push(error),
      policy: () => {
        if (faults.length === 0) throw new RangeError('too deep');
        return policy;
      },
      start: { seq: 0, room: emptyRoom },
      memory: commandMemory(),
      newId: randomUUID,
    });
    expect(await committer.execute(declare, ana('11111111'))).toMatchObject({
      ok: false,
      refusal: { reason: 'fault' },
    });
    expect(faults).toEqual([new RangeError('too deep')]);
    expect(await committer.execute(declare, ana('22222222'))).toMatchObject({ ok: true });
  });

  it('decides on what is in flight, and tells each commit in order once it is durable', async () => {
    const committer = committerOn(log);
    const told: number[] = [];
    committer.onCommit((commit, { seq }) => told.push(commit.seq, seq));
    const results = await Promise.all([
      committer.execute(declare, ana('c1')),
      committer.execute(note('one'), ana('c2')),
      committer.execute(note('two'), ana('c3')),
    ]);
    expect(results).toEqual([
      { ok: true, seq: 1, subject: ID },
      { ok: true, seq: 2, subject: 'N1' },
      { ok: true, seq: 3, subject: 'N2' },
    ]);
    expect(told).toEqual([1, 1, 2, 2, 3, 3]);
    expect(committer.tip()).toBe(committer.committed().room);
  });

  it('answers a command that comes again with what it did the first time', async () => {
    const committer = committerOn(log);
    await committer.execute(declare, ana('c1'));
    const [first, second] = await Promise.all([
      committer.execute(note('once'), ana('c2')),
      committer.execute(note('once'), ana('c2')),
    ]);
    expect(second).toEqual(first);
    expect(await committer.execute(note('once'), ana('c2'))).toEqual(first);
    expect(Object.keys(committer.committed().room.incidents[ID]!.notes)).toEqual(['N1']);
  });

  it('remembers commands from before its start', async () => {
    await committerOn(log).execute(declare, ana('c1'));
    const memory = commandMemory();
    for await (const commit of log.read(1)) memory.remember(commit);
    const later = createCommitter({
      log,
      clock: manualClock(),
      onFault: (error) => {
        throw error;
      },
      policy: () => policy,
      start: { seq: 1, room: emptyRoom },
      memory,
      newId: randomUUID,
    });
    expect(await later.execute(declare, ana('c1'))).toEqual({ ok: true, seq: 1, subject: ID });
    expect(log.head().seq).toBe(1);
  });

  it('turns read-only when the disk is full, forgets what is not durable, and goes on when it is not', async () => {
    const committer = committerOn(fullAtTimes());
    const writable: boolean[] = [];
    committer.onWritable((now) => writable.push(now));
    await committer.execute(declare, ana('c1'));
    const before = committer.committed();
    diskIsFull = true;
    const refused = await Promise.all([
      committer.execute(note('a'), ana('c2')),
      committer.execute(note('b'), ana('c3')),
    ]);
    expect(refused).toMatchObject([
      { ok: false, refusal: { reason: 'agent-read-only' } },
      { ok: false, refusal: { reason: 'agent-read-only' } },
    ]);
    expect(committer.tip()).toBe(before.room);
    expect(committer.writable()).toBe(false);
    diskIsFull = false;
    expect(await committer.execute(note('a'), ana('c2'))).toEqual({ ok: true, seq: 3, subject: 'N1' });
    expect(writable).toEqual([false, true]);
  });

  it('calls nothing refused of which the disk does not say whether it keeps it', async () => {
    const committer = committerOn({
      ...log,
      append: async () => ({ ok: false, reason: 'unwritable', detail: 'EIO', takenBack: false }),
    });
    expect(await committer.execute(declare, ana('c1'))).toMatchObject({
      ok: false,
      refusal: { reason: 'outcome-unknown', message: 'it is not known whether this was recorded: EIO' },
    });
    expect(committer.writable()).toBe(false);
  });

  it('on a full disk keeps no repeat of a source that is told to come again, and has room for levels that fall due', async () => {
    const committer = committerOn(fullAtTimes());
    const told = (): Promise<CommandResult> =>
      committer.execute(
        { type: 'report-alerts', alerts: [alertTold('f1')] },
        { actor: { kind: 'source', name: 'am' }, permission: null, commandId: randomUUID() },
      );
    await told();
    diskIsFull = true;
    for (let count = 0; count < 100; count += 1)
      expect(await told()).toMatchObject({ ok: false, refusal: { reason: 'agent-read-only' } });
    expect(committer.held()).toBe(0);
    const level = committer.tip().incidents[ID]?.escalation?.levels[0]?.level ?? '';
    const agent = { actor: { kind: 'agent', name: 'room' }, permission: null, commandId: randomUUID() } as const;
    expect(await committer.execute({ type: 'reach-level', incident: ID, level }, agent)).toMatchObject({ ok: true });
    expect(committer.held()).toBe(1);
  });
});
