// Owns the shape of the talk in plain mode: what is remembered between two lines, what is asked, what a turn says and wants done.
import type { RoomView } from '../../client/room-client.ts';
import type { PersonCommandInput } from '../../incident/commands.ts';
import type { ActionId, IncidentId, Severity } from '../../incident/words.ts';
import type { Menu } from '../dialog.ts';
import { connectionReason } from '../key-reasons.ts';
import type { Option } from '../menu-options.ts';

/** What a line of text is for. */
export type Purpose =
  | { readonly kind: 'note' | 'title' | 'false-alarm' | 'reopen'; readonly incident: IncidentId }
  | { readonly kind: 'lower'; readonly incident: IncidentId; readonly severity: Severity }
  | { readonly kind: 'declare-title'; readonly service: string }
  | { readonly kind: 'let-go'; readonly action: ActionId };

export type Question =
  | { readonly kind: 'pick'; readonly menu: Menu; readonly options: readonly Option[] }
  | { readonly kind: 'text'; readonly purpose: Purpose }
  | { readonly kind: 'yes'; readonly command: PersonCommandInput }
  | { readonly kind: 'target'; readonly action: ActionId };

export interface Memory {
  /** The incident in use; null until one was named or acted on. */
  readonly incident: IncidentId | null;
  readonly question: Question | null;
  /** When each plan was last read out to the end, or its arm told, local milliseconds. */
  readonly readOut: Readonly<Record<ActionId, number>>;
}

export const noMemory: Memory = { incident: null, question: null, readOut: {} };

export interface Heard {
  readonly text: string;
  /** Local milliseconds. */
  readonly atMs: number;
  /** It came by itself, and nothing was being done or waiting when it came: a paste, or a line typed ahead, confirms nothing. */
  readonly isAlone: boolean;
}

export interface Situation {
  readonly view: RoomView;
  /** The agent's clock, epoch milliseconds. */
  readonly now: number;
  readonly localMs: number;
}

export interface Turn {
  readonly memory: Memory;
  readonly lines: readonly string[];
  readonly effect: Effect | null;
}

export type Effect = { readonly type: 'send'; readonly command: PersonCommandInput } | { readonly type: 'quit' };

export const says = (memory: Memory, ...lines: readonly string[]): Turn => ({ memory, lines, effect: null });

export const asks = (memory: Memory, question: Question, ...lines: readonly string[]): Turn => ({
  memory: { ...memory, question },
  lines,
  effect: null,
});

/** Nothing is asked of an agent that cannot be reached: the line would be carried out at a time nobody chose. */
export const sends = (memory: Memory, command: PersonCommandInput, situation: Situation): Turn => {
  const reason = connectionReason(situation);
  const next = { ...memory, question: null };
  if (reason !== null) return says(next, `not done: ${reason}`);
  return { memory: next, lines: [], effect: { type: 'send', command } };
};
