// Owns the serial queue of decisions: commands are decided on the tip, results and listeners follow the durable commit.

import type { Command } from '../incident/commands.ts';
import type { Actor, Commit, CommitDraft } from '../incident/commit.ts';
import { decide } from '../incident/decide.ts';
import type { Decision } from '../incident/decision.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { evolveCommit } from '../incident/evolve.ts';
import type { Policy } from '../incident/policies/policy.ts';
import { refusal } from '../incident/refusal.ts';
import type { Room } from '../incident/state.ts';
import { type Timestamp, toTimestamp } from '../incident/time.ts';
import type { CommandResult } from '../protocol/messages.ts';
import type { Clock } from './clock.ts';
import { commandMemory } from './command-memory.ts';
import type { AppendResult, EventLog } from './log/event-log.ts';

export interface Committed {
  readonly seq: number;
  readonly room: Room;
}

export interface Committer {
  /** Decides and makes durable. A command id that was decided before gets the same result again. */
  execute(command: Command, by: { readonly actor: Actor; readonly commandId: string }): Promise<CommandResult>;
  /** Committed plus in flight: what the next decision sees. */
  tip(): Room;
  committed(): Committed;
  /** False from a failed append until one succeeds. */
  writable(): boolean;
  /** Called after each durable commit, in order, with the room as it then is. */
  onCommit(listener: (commit: Commit, committed: Committed) => void): () => void;
  onWritable(listener: (writable: boolean) => void): () => void;
}

interface CommitterParts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly policy: () => Policy;
  readonly start: Committed;
  /** Commits already in the log, for the memory of command ids. */
  readonly known: readonly Commit[];
  /** How long each append took to be durable or to fail, in milliseconds of this machine. */
  readonly onAppend?: (tookMs: number) => void;
  /** Takes a bug of ours, to be told loudly. */
  readonly onFault: (error: unknown) => void;
}

export const createCommitter = ({ log, clock, policy, start, known, onAppend, onFault }: CommitterParts): Committer => {
  const memory = commandMemory();
  for (const commit of known) memory.remember(commit.commandId, resultOf(commit.seq, commit.events));
  let committed = start;
  let tip = start;
  let writable = true;
  const inFlight = new Map<string, Promise<CommandResult>>();
  const listeners = new Set<(commit: Commit, committed: Committed) => void>();
  const writableListeners = new Set<(writable: boolean) => void>();

  const setWritable = (now: boolean): void => {
    if (writable === now) return;
    writable = now;
    for (const listener of writableListeners) listener(now);
  };

  const settle = (appended: AppendResult, evolved: Committed): CommandResult => {
    if (!appended.ok) {
      // Nothing in flight survives a failed append, so the tip is what is durable.
      tip = committed;
      setWritable(false);
      const detail = appended.reason === 'unwritable' ? appended.detail : 'another agent writes to the same log';
      return {
        ok: false,
        refusal: refusal('agent-read-only', `not recorded: ${detail}`, 'free the disk of the agent, then try again'),
      };
    }
    const { commit } = appended;
    committed = evolved;
    setWritable(true);
    const result = resultOf(commit.seq, commit.events);
    memory.remember(commit.commandId, result);
    for (const listener of listeners) listener(commit, committed);
    return result;
  };

  const submit = async (draft: CommitDraft): Promise<CommandResult> => {
    const expectedSeq = tip.seq;
    const seq = expectedSeq + 1;
    const evolved = { seq, room: evolveCommit(tip.room, { seq, ...draft }) };
    tip = evolved;
    const startedMs = performance.now();
    const appended = await log.append(expectedSeq, draft);
    onAppend?.(performance.now() - startedMs);
    return settle(appended, evolved);
  };

  /** A bug in one decision must not end an agent on which every other one depends. */
  const decided = (command: Command, by: { readonly now: Timestamp; readonly actor: Actor }): Decision => {
    try {
      return decide(tip.room, command, { ...by, policy: policy() });
    } catch (error) {
      onFault(error);
      const remedy = 'nothing was done; the log of the agent has the fault: report it';
      return { ok: false, refusal: refusal('fault', `the agent failed to decide ${command.type}`, remedy) };
    }
  };

  return {
    execute: (command, { actor, commandId }) => {
      const earlier = memory.recall(commandId) ?? inFlight.get(commandId);
      if (earlier !== undefined) return Promise.resolve(earlier);
      const now = toTimestamp(clock.now());
      const decision = decided(command, { now, actor });
      if (!decision.ok) return Promise.resolve(decision);
      const result = submit({ at: now, commandId, actor, events: decision.events });
      inFlight.set(commandId, result);
      return result.finally(() => inFlight.delete(commandId));
    },
    tip: () => tip.room,
    committed: () => committed,
    writable: () => writable,
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onWritable: (listener) => {
      writableListeners.add(listener);
      return () => writableListeners.delete(listener);
    },
  };
};

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
