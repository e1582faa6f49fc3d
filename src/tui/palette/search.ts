// Owns which commands a few typed letters mean, the best first.
import fuzzysort from 'fuzzysort';
import { rememberedWith } from '../remembered.ts';
import type { PaletteCommand } from './commands.ts';

const MOST = 200;
/** Below these a match is an accident of letters; details are long, so more of them is one. */
const LEAST = { words: 0.35, detail: 0.6 } as const;
/** A detail never comes before words that match as well. */
const DETAIL_WEIGHT = 0.4;
const AS_TYPED = 1;
const IMPOSSIBLE = 0.25;

/** All of them, those that are possible first, where nothing is typed. */
export const search = (typed: string, commands: readonly PaletteCommand[]): readonly PaletteCommand[] =>
  found(commands, typed.trim());

const found = rememberedWith((commands: readonly PaletteCommand[], wanted: string): readonly PaletteCommand[] => {
  if (wanted === '') {
    return [...commands].sort((a, b) => Number(a.disabledReason !== null) - Number(b.disabledReason !== null));
  }
  return fuzzysort
    .go(wanted, [...commands], {
      keys: ['words', 'detail'],
      limit: MOST,
      threshold: 0,
      scoreFn: (found) => scoreOf(wanted, found.obj, { words: found[0]?.score ?? 0, detail: found[1]?.score ?? 0 }),
    })
    .filter(({ score }) => score > 0)
    .map((one) => one.obj);
});

const scoreOf = (
  wanted: string,
  { words, also, disabledReason }: PaletteCommand,
  scores: { readonly words: number; readonly detail: number },
): number => {
  const lower = wanted.toLowerCase();
  const isSaid = also.toLowerCase() === lower || words.toLowerCase().startsWith(lower);
  const fuzzy = Math.max(
    scores.words < LEAST.words ? 0 : scores.words,
    scores.detail < LEAST.detail ? 0 : scores.detail * DETAIL_WEIGHT,
  );
  const score = fuzzy + (isSaid ? AS_TYPED : 0);
  return score === 0 ? 0 : Math.max(0.01, score - (disabledReason === null ? 0 : IMPOSSIBLE));
};
