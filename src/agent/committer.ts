// Owns the serial queue of decisions: commands are decided on the tip, results and listeners follow the durable commit.

import type { Command } from '../incident/commands.ts';
import type { Actor, Commit, CommitDraft } from '../incident/commit.ts';
import { decide } from '../incident/decide.ts';
import type { Decision } from '../incident/decision.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { evolveCommit } from '../incident/evolve.ts';
import type { Permission } from '../incident/permission.ts';
import type { Policy } from '../incident/policies/policy.ts';
import { type Refusal, refusal } from '../incident/refusal.ts';
import type { Room } from '../incident/state.ts';
import { toTimestamp } from '../incident/time.ts';
import type { CommandResult } from '../protocol/messages.ts';
import type { Clock } from './clock.ts';
import { type CommandMemory, resultOf } from './command-memory.ts';
import { isHoldable } from './holdable.ts';
import type { AppendResult, EventLog } from './log/event-log.ts';

export interface Committed {
  readonly seq: number;
  readonly room: Room;
}

/** Whose command it is, what they may do, and the id under which it is decided once. */
export interface By {
  readonly actor: Actor;
  /** Null for the agent and its sources. */
  readonly permission: Permission | null;
  readonly commandId: string;
}

export interface Committer {
  /** Decides and makes durable. A command id that was decided before gets the same result again. */
  execute(command: Command, by: By): Promise<CommandResult>;
  /** Committed plus in flight or held: what the next decision sees. */
  tip(): Room;
  committed(): Committed;
  /** What effects follow: what is committed and, while the log takes no writes, what the agent alone decided since. */
  seen(): Room;
  /** False from a failed append until what is held is durable. */
  writable(): boolean;
  /** How many decisions wait in memory for the log. */
  held(): number;
  /** While the log takes no writes: tries to append what is held. */
  resume(): Promise<void>;
  /** Called after each durable commit, in order, with the room as it then is and as it was. */
  onCommit(listener: (commit: Commit, committed: Committed, before: Room) => void): () => void;
  /** Called when a decision is held instead of written. */
  onHeld(listener: () => void): () => void;
  onWritable(listener: (writable: boolean) => void): () => void;
}

export interface CommitterParts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly policy: () => Policy;
  readonly start: Committed;
  /** What was commanded before; it goes on being remembered there. */
  readonly memory: CommandMemory;
  readonly newId: () => string;
  /** How long each append took to be durable or to fail, in milliseconds of this machine. */
  readonly onAppend?: (tookMs: number) => void;
  /** Takes a bug of ours, to be told loudly. */
  readonly onFault: (error: unknown) => void;
}

/** Beyond these the agent stops deciding by itself: days of a full disk, or a storm during one. */
const MOST_HELD = 10_000;
/** Whatever sources tell, levels still fall due. */
const MOST_HELD_OF_SOURCES = MOST_HELD / 2;
/** A storm that waits for the disk does not ask it more often. */
const TRY_AGAIN_AFTER_MS = 250;

export const createCommitter = (parts: CommitterParts): Committer => {
  const { log, clock, policy, start, memory, newId, onAppend, onFault } = parts;
  let committed = start;
  let tip = start;
  let writable = true;
  /** Counts the times the log failed: what was decided before the latest one was decided on a tip that is gone. */
  let failures = 0;
  let held: readonly CommitDraft[] = [];
  let resuming: Promise<void> | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  const inFlight = new Map<string, Promise<CommandResult>>();
  const commitListeners = new Set<(commit: Commit, committed: Committed, before: Room) => void>();
  const heldListeners = new Set<() => void>();
  const writableListeners = new Set<(writable: boolean) => void>();

  const setWritable = (now: boolean): void => {
    writable = now;
    for (const listener of writableListeners) listener(now);
  };

  const becomeDurable = (commit: Commit, evolved: Committed): CommandResult => {
    const before = committed.room;
    committed = evolved;
    const result = resultOf(commit.seq, commit.events);
    memory.remember(commit);
    for (const listener of commitListeners) listener(commit, committed, before);
    return result;
  };

  const append = async (expectedSeq: number, draft: CommitDraft): Promise<AppendResult> => {
    const startedMs = performance.now();
    const appended = await log.append(expectedSeq, draft);
    onAppend?.(performance.now() - startedMs);
    return appended;
  };

  const submit = async (command: Command, draft: CommitDraft, by: By): Promise<CommandResult> => {
    const expectedSeq = tip.seq;
    const decidedAfter = failures;
    const evolved = after(tip, draft);
    tip = evolved;
    const appended = await append(expectedSeq, draft);
    if (appended.ok) return becomeDurable(appended.commit, evolved);
    if (decidedAfter === failures) {
      failures += 1;
      // Nothing in flight survives a failed append, so the tip is what is durable.
      tip = committed;
      setWritable(false);
    }
    return withoutLog(command, by, refusalFor(appended));
  };

  /** A bug in one decision must not end an agent on which every other one depends. */
  const decided = (command: Command, by: By): Decision => {
    const { actor, permission } = by;
    try {
      return decide(tip.room, command, { now: toTimestamp(clock.now()), actor, permission, policy: policy() });
    } catch (error) {
      onFault(error);
      const remedy = 'nothing was done; the log of the agent has the fault: report it';
      return { ok: false, refusal: refusal('fault', `the agent failed to decide ${command.type}`, remedy) };
    }
  };

  const draftOf = (events: readonly IncidentEvent[], { actor, commandId }: By): CommitDraft => ({
    at: toTimestamp(clock.now()),
    commandId,
    actor,
    events,
  });

  /** The agent goes on deciding what it must, in memory; everybody else is told that it would not be kept. */
  const withoutLog = (command: Command, by: By, unrecorded: Refusal): CommandResult => {
    const isSource = by.actor.kind === 'source';
    if (!isHoldable(command) || held.length >= (isSource ? MOST_HELD_OF_SOURCES : MOST_HELD))
      return { ok: false, refusal: unrecorded };
    const decision = decided(command, by);
    if (!decision.ok) return decision;
    // A source that is told to come again comes again: what it said before is held already.
    if (isSource && decision.events.every(({ type }) => type === 'alert.repeated'))
      return { ok: false, refusal: unrecorded };
    const draft = draftOf(decision.events, by);
    held = [...held, draft];
    tip = after(tip, draft);
    for (const listener of heldListeners) listener();
    // A source must tell again: only what is durable was taken.
    return isSource ? { ok: false, refusal: unrecorded } : resultOf(tip.seq, draft.events);
  };

  const appendHeld = async (): Promise<void> => {
    const batch = held;
    const resumed: IncidentEvent = { type: 'log.resumed', held: batch.length };
    const last = draftOf([resumed], { actor: { kind: 'agent', name: 'room' }, permission: null, commandId: newId() });
    const base = committed.seq;
    const appends = [...batch, last].map((draft, index) => append(base + index, draft));
    for (const [index, appending] of appends.entries()) {
      const appended = await appending;
      if (!appended.ok) continue;
      if (index < batch.length) held = held.slice(1);
      becomeDurable(appended.commit, after(committed, appended.commit));
    }
    if (committed.seq !== base + batch.length + 1 || held.length > 0) return;
    tip = committed;
    setWritable(true);
  };

  const resume = (): Promise<void> => {
    const nowMs = clock.elapsedMs();
    if (writable || (resuming === null && nowMs - triedAtMs < TRY_AGAIN_AFTER_MS)) return Promise.resolve();
    triedAtMs = resuming === null ? nowMs : triedAtMs;
    resuming ??= appendHeld().finally(() => {
      resuming = null;
    });
    return resuming;
  };

  const decideAndSubmit = (command: Command, by: By): Promise<CommandResult> => {
    const decision = decided(command, by);
    return decision.ok
      ? submit(command, draftOf(decision.events, by), by)
      : Promise.resolve({ ok: false, refusal: decision.refusal });
  };

  /** Whoever would be refused because of the disk has it tried first. */
  const executeReadOnly = async (command: Command, by: By): Promise<CommandResult> => {
    if (by.actor.kind === 'agent' && isHoldable(command)) return withoutLog(command, by, unrecorded(NO_WRITES));
    await resume();
    return writable ? decideAndSubmit(command, by) : withoutLog(command, by, unrecorded(NO_WRITES));
  };

  return {
    execute: (command, by) => {
      const earlier = memory.recall(by.commandId) ?? inFlight.get(by.commandId);
      if (earlier !== undefined) return Promise.resolve(earlier);
      const result = writable ? decideAndSubmit(command, by) : executeReadOnly(command, by);
      inFlight.set(by.commandId, result);
      return result.finally(() => inFlight.delete(by.commandId));
    },
    tip: () => tip.room,
    committed: () => committed,
    seen: () => (writable ? committed.room : tip.room),
    writable: () => writable,
    held: () => held.length,
    resume,
    onCommit: (listener) => listening(commitListeners, listener),
    onHeld: (listener) => listening(heldListeners, listener),
    onWritable: (listener) => listening(writableListeners, listener),
  };
};

const listening = <Listener>(listeners: Set<Listener>, listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const after = ({ seq, room }: Committed, draft: CommitDraft): Committed => ({
  seq: seq + 1,
  room: evolveCommit(room, { seq: seq + 1, ...draft }),
});

const NO_WRITES = 'the log takes no writes';

const unrecorded = (why: string): Refusal =>
  refusal('agent-read-only', `not recorded: ${why}`, 'free the disk of the agent, then try again');

const refusalFor = (failed: Extract<AppendResult, { ok: false }>): Refusal => {
  if (failed.reason === 'conflict') return unrecorded('another agent writes to the same log');
  if (failed.takenBack) return unrecorded(failed.detail);
  const words = `it is not known whether this was recorded: ${failed.detail}`;
  return refusal(
    'outcome-unknown',
    words,
    'see to the disk of the agent, then look whether it was done before you try again',
  );
};
