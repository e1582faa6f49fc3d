// Owns the arithmetic of samples: quantiles, and taking turns so that both sides see the same machine.

/** The value below which the share `q` of the samples lies, between neighbours by straight line; NaN for no samples. */
export const quantile = (samples: readonly number[], q: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
};

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** How long `work` takes, in milliseconds. */
export const timed = async (work: () => Promise<unknown> | unknown): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

type Contenders<Name extends string> = Readonly<Record<Name, (turn: number) => Promise<number>>>;

/** Samples each contender once a turn. Who goes first moves on by one each turn; the `warmUp` turns before do not count. */
export const takeTurns = async <Name extends string>(
  contenders: Contenders<Name>,
  { turns, warmUp }: { readonly turns: number; readonly warmUp: number },
): Promise<Readonly<Record<Name, readonly number[]>>> => {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let turn = -warmUp; turn < turns; turn++) {
    const first = (turn + warmUp) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const sample = await contenders[name](turn);
      if (turn >= 0) samples[name].push(sample);
    }
  }
  return samples;
};
