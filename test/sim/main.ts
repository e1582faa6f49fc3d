// Owns the simulation by hand: `npm run sim -- --seed N [--verbose]` replays one run, `npm run sim -- --seeds N [--from K]` looks for a broken one.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { searchSeeds } from './many.ts';
import { report } from './report.ts';
import { runSeed } from './run.ts';

const USAGE = `npm run sim -- --seed N [--verbose]             replays one run
npm run sim -- --seeds N [--from K] [--workers W]   runs seeds K to K + N - 1`;

const write = (line: string): void => void process.stdout.write(`${line}\n`);

const refuse = (problem: string): never => {
  process.stderr.write(`sim: ${problem}\n${USAGE}\n`);
  process.exit(2);
};

const options = {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  from: { type: 'string' },
  workers: { type: 'string' },
  verbose: { type: 'boolean' },
} as const;

const given = () => {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
};

const wholeNumber = (name: string, text: string): number =>
  /^\d{1,15}$/.test(text) ? Number(text) : refuse(`--${name} ${text} is not a whole number`);

const replay = async (seed: number, isVerbose: boolean): Promise<boolean> => {
  const told = isVerbose ? { onStep: write, onDetail: (line: string) => write(`       ${line}`) } : {};
  const run = await runSeed(seed, told);
  write(report(run));
  return run.broken.length === 0;
};

const search = async (from: number, count: number, workers: number): Promise<boolean> => {
  const startedMs = performance.now();
  const told = await searchSeeds({ from, count, workers, onTold: ({ failure }) => failure !== null && write(failure) });
  const failed = told.filter(({ failure }) => failure !== null).map(({ seed }) => seed);
  const commits = told.reduce((sum, one) => sum + one.commits, 0);
  const tookSeconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  write(
    `${count} seeds from ${from}: ${failed.length === 0 ? 'all held' : `${failed.length} failed: ${failed.join(', ')}`}`,
  );
  write(`${commits} commits in ${tookSeconds} s`);
  return failed.length === 0;
};

const { seed, seeds, from, workers, verbose } = given();
const isWell =
  seed !== undefined
    ? await replay(wholeNumber('seed', seed), verbose ?? false)
    : await search(
        wholeNumber('from', from ?? '1'),
        wholeNumber('seeds', seeds ?? '300'),
        Math.max(1, wholeNumber('workers', workers ?? String(availableParallelism()))),
      );
process.exitCode = isWell ? 0 : 1;
