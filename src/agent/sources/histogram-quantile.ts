// Owns the quantile of a cumulative histogram, computed as Prometheus's histogram_quantile does.

/**
 * Takes cumulative counts (or rates) by upper bound, in the unit of the bounds; returns the quantile in that unit.
 * NaN without observations or without a `+Inf` bucket. What lies above the highest finite bound is given as that bound.
 */
export const histogramQuantile = (quantile: number, buckets: ReadonlyMap<number, number>): number => {
  const ordered = monotonic([...buckets].sort(([a], [b]) => a - b));
  const last = ordered.at(-1);
  const highestFinite = ordered.at(-2);
  if (last?.[0] !== Number.POSITIVE_INFINITY || highestFinite === undefined || !(last[1] > 0)) return Number.NaN;
  const rank = quantile * last[1];
  const index = ordered.findIndex(([, count]) => count >= rank);
  const found = ordered[index];
  if (found === undefined || index === ordered.length - 1) return highestFinite[0];
  const below = ordered[index - 1];
  if (below === undefined && found[0] <= 0) return found[0];
  const [start, countBelow] = below ?? [0, 0];
  return start + (found[0] - start) * ((rank - countBelow) / (found[1] - countBelow));
};

// Buckets read a moment apart, or reset one by one, may dip; a cumulative count never does.
const monotonic = (ordered: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] => {
  let highest = 0;
  return ordered.map(([bound, count]) => {
    highest = Math.max(highest, count);
    return [bound, highest] as const;
  });
};
