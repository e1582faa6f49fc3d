// Owns the serial queue of decisions: commands are decided on the tip, results and listeners follow the durable commit.

import type { Command } from '../incident/commands.ts';
import type { Actor, Commit, CommitDraft } from '../incident/commit.ts';
import { decide } from '../incident/decide.ts';
import type { Decision } from '../incident/decision.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { evolveCommit } from '../incident/evolve.ts';
import type { Permission } from '../incident/permission.ts';
import type { Policy } from '../incident/policies/policy.ts';
import { refusal } from '../incident/refusal.ts';
import type { Room } from '../incident/state.ts';
import { toTimestamp } from '../incident/time.ts';
import type { CommandResult } from '../protocol/messages.ts';
import type { Clock } from './clock.ts';
import { commandMemory } from './command-memory.ts';
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
  /** Commits already in the log, for the memory of command ids. */
  readonly known: readonly Commit[];
  readonly newId: () => string;
  /** How long each append took to be durable or to fail, in milliseconds of this machine. */
  readonly onAppend?: (tookMs: number) => void;
  /** Takes a bug of ours, to be told loudly. */
  readonly onFault: (error: unknown) => void;
}

/** Beyond these the agent stops deciding by itself: days of a full disk, or a storm during one. */
const MOST_HELD = 10_000;
/** A storm that waits for the disk does not ask it more often. */
const TRY_AGAIN_AFTER_MS = 250;

export const createCommitter = (parts: CommitterParts): Committer => {
  const { log, clock, policy, start, known, newId, onAppend, onFault } = parts;
  const memory = commandMemory();
  for (const commit of known) memory.remember(commit.commandId, resultOf(commit.seq, commit.events));
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
    memory.remember(commit.commandId, result);
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
    return withoutLog(command, by, wordsFor(appended));
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
  const withoutLog = (command: Command, by: By, why: string): CommandResult => {
    const readOnly = refusal('agent-read-only', `not recorded: ${why}`, 'free the disk of the agent, then try again');
    if (!isHoldable(command) || held.length >= MOST_HELD) return { ok: false, refusal: readOnly };
    const decision = decided(command, by);
    if (!decision.ok) return decision;
    const draft = draftOf(decision.events, by);
    held = [...held, draft];
    tip = after(tip, draft);
    for (const listener of heldListeners) listener();
    // A source must tell again: only what is durable was taken.
    return by.actor.kind === 'source' ? { ok: false, refusal: readOnly } : resultOf(tip.seq, draft.events);
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
    if (by.actor.kind === 'agent' && isHoldable(command)) return withoutLog(command, by, 'the log takes no writes');
    await resume();
    return writable ? decideAndSubmit(command, by) : withoutLog(command, by, 'the log takes no writes');
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

const wordsFor = (failed: Extract<AppendResult, { ok: false }>): string =>
  failed.reason === 'unwritable' ? failed.detail : 'another agent writes to the same log';

const resultOf = (seq: number, events: readonly IncidentEvent[]): CommandResult => ({
  ok: true,
  seq,
  subject: subjectOf(events),
});

/** What a commit is about: the thing it made, else the incident it touched. */
const subjectOf = (events: readonly IncidentEvent[]): string | null => {
  const first = events[0];
  if (first === undefined) return null;
  if (first.type === 'action.requested') return first.action;
  if (first.type === 'note.added') return first.note;
  if (first.type === 'silence.set' || first.type === 'silence.ended') return first.silence;
  if (first.type === 'test.requested') return first.test;
  return 'incident' in first ? first.incident : null;
};
