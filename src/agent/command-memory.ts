// Owns the memory of what persons commanded, so that a command that arrives again after a lost reply is answered, not repeated.
import type { Commit } from '../incident/commit.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { CommandResult } from '../protocol/messages.ts';

/** Of persons alone, so no storm of alerts takes their place: a week of the busiest room. Who waited longer does not ask any more. */
export const COMMANDS_REMEMBERED = 5_000;

/** What a command did: its id, the commit it became, and what that made. */
export type Remembered = readonly [commandId: string, seq: number, subject: string | null];

export interface CommandMemory {
  /** Commits come in the order of the log. */
  remember(commit: Commit): void;
  recall(commandId: string): CommandResult | undefined;
  /** Oldest first. */
  all(): readonly Remembered[];
}

export const commandMemory = (known: readonly Remembered[] = []): CommandMemory => {
  const remembered = new Map(known.map((one) => [one[0], one]));
  return {
    remember: ({ commandId, seq, actor, events }) => {
      // The agent and its sources make a new id each time.
      if (actor.kind !== 'person') return;
      remembered.set(commandId, [commandId, seq, subjectOf(events)]);
      const oldest = remembered.keys().next().value;
      if (remembered.size > COMMANDS_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    },
    recall: (commandId) => {
      const its = remembered.get(commandId);
      return its === undefined ? undefined : { ok: true, seq: its[1], subject: its[2] };
    },
    all: () => [...remembered.values()],
  };
};

/** What becomes of a decision once it is durable. */
export const resultOf = (seq: number, events: readonly IncidentEvent[]): CommandResult => ({
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
