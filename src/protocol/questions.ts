// Owns the questions a client may ask besides commands, and their answers: what is not in the room any more.
import * as z from 'zod/mini';
import type { IncidentCard } from '../incident/card.ts';
import type { Refusal } from '../incident/refusal.ts';
import type { Incident } from '../incident/state.ts';

/** More cards than this are in no answer; the total says how many there are. */
export const MOST_CARDS = 200;

export const questionSchema = z.discriminatedUnion('about', [
  z.object({
    about: z.literal('archive'),
    /** Each of them is somewhere in what is found; none finds all. */
    words: z.string().check(z.maxLength(200)),
    limit: z.number().check(z.int(), z.positive(), z.maximum(MOST_CARDS)),
  }),
  z.object({ about: z.literal('incident'), incident: z.string().check(z.maxLength(40)) }),
]);
export type Question = z.output<typeof questionSchema>;

export type Answer =
  /** Archived incidents, newest first. */
  | { readonly about: 'archive'; readonly cards: readonly IncidentCard[]; readonly total: number }
  /** Null: there is none of that name that the asker may see. */
  | { readonly about: 'incident'; readonly incident: Incident | null }
  | { readonly about: 'refused'; readonly refusal: Refusal };

/** What a question is answered with, unless it is refused. */
export type AnswerTo<Q extends Question> = Extract<Answer, { readonly about: Q['about'] }>;
