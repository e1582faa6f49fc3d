// Owns where two rooms differ, in words: the first path at which they do.

type Facts = Readonly<Record<string, unknown>>;

/** Null where they are equal as JSON is equal. */
export const firstDifference = (one: unknown, other: unknown, path = ''): string | null => {
  if (one === other) return null;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return `${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  const names = Object.keys(one);
  for (const name of names) {
    const difference = firstDifference((one as Facts)[name], (other as Facts)[name], `${path}/${name}`);
    if (difference !== null) return difference;
  }
  const others = Object.keys(other);
  if (others.length === names.length) return null;
  const more = others.find((name) => (other as Facts)[name] !== undefined && (one as Facts)[name] === undefined);
  return more === undefined ? null : `${path}/${more}: nothing and ${JSON.stringify((other as Facts)[more])}`;
};
