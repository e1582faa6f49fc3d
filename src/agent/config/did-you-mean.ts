// Owns the question after a mistyped word of the configuration.
import { nearest } from '../../incident/nearest-word.ts';

/** `, did you mean "core"?`, or nothing where no known word is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const meant = nearest(word, known);
  return meant === null ? '' : `, did you mean "${meant}"?`;
};
