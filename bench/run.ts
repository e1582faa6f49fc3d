// Owns `node bench/run.ts [--quick] [--only NAME]`: runs the benchmarks one after the other and ends with their table.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { append } from './append.ts';
import type { Benchmark, Outcome, Row } from './benchmark.ts';
import { broadcast } from './broadcast.ts';
import { coldStart } from './cold-start.ts';
import { countdown } from './countdown.ts';
import { fanOut } from './fan-out.ts';
import { keyPress } from './key-press.ts';
import { poll } from './poll.ts';
import { screens } from './screens.ts';
import { startUp } from './start-up.ts';
import { storm } from './storm.ts';
import { resultLine, table } from './table.ts';

const BENCHMARKS: readonly Benchmark[] = [
  append,
  broadcast,
  fanOut,
  storm,
  poll,
  keyPress,
  screens,
  countdown,
  coldStart,
  startUp,
];

const chosen = (only: readonly string[]): readonly Benchmark[] => {
  const unknown = only.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown.length === 0)
    return only.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => only.includes(name));
  process.stderr.write(
    `no benchmark ${unknown.join(', ')}; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
};

const runIn = async (benchmark: Benchmark, isQuick: boolean): Promise<Outcome> => {
  const directory = await mkdtemp(join(process.env.WARROOM_BENCH_DIR ?? tmpdir(), 'warroom-bench-'));
  try {
    return await benchmark.run({ isQuick, directory });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } },
  });
  const benchmarks = chosen(values.only);
  const rows: Row[] = [];
  const missing: string[] = [];
  const startedAt = performance.now();
  const [cpu] = cpus();
  say(
    `Node ${process.versions.node}, ${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
  );
  for (const benchmark of benchmarks) {
    say(`${benchmark.name}: ${benchmark.about}`);
    try {
      const outcome = await runIn(benchmark, values.quick);
      if (outcome.kind === 'not-run') missing.push(`${benchmark.name} was not run: ${outcome.reason}`);
      else for (const row of outcome.rows) say(resultLine(row));
      if (outcome.kind === 'measured') rows.push(...outcome.rows);
    } catch (error) {
      process.exitCode = 1;
      missing.push(
        `${benchmark.name} crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  if (rows.length > 0) say(`\n${table(rows)}`);
  for (const line of missing) say(`\n${line}`);
  say(
    `\n${values.quick ? 'quick run' : 'full run'}, ${Math.round((performance.now() - startedAt) / 1_000)} s. Milliseconds; medians unless the column says otherwise.`,
  );
};

await main();
