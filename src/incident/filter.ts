// Owns what a filter lets through: every word must be there, `!word` must not; upper and lower case are one.

/** True where `text` has all that the filter asks for. */
export const matches = (filter: string, text: string): boolean => {
  if (filter === '') return true;
  const lower = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => (word.startsWith('!') ? word === '!' || !lower.includes(word.slice(1)) : lower.includes(word)));
};
