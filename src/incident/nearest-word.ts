// Owns guessing which known word a mistyped one stands for.

const LONGEST_WORD = 64;

/** The known word nearest to `word`, when it is near enough to be a slip of the fingers; else null. */
export const nearest = (word: string, known: readonly string[]): string | null => {
  if (word.length > LONGEST_WORD) return null;
  const tolerated = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly word: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= tolerated && (best === null || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word ?? null;
};

const editDistance = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (right[column - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
};
