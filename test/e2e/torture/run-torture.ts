// Owns `npm run torture -- [--kills N] [--seed N]`: tortures an agent and tells how it bore it.
import { parseArgs } from 'node:util';
import { reportLines } from './report-lines.ts';
import { torture } from './torture.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '300' }, seed: { type: 'string' } } });
const kills = Number(values.kills);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error('--kills and --seed are whole numbers: npm run torture -- --kills 300 --seed 1');
  process.exit(2);
}
console.log(`torture: ${kills} kills, seed ${seed}`);
const report = await torture({ kills, seed, say: console.log });
for (const line of reportLines(report)) console.log(line);
process.exitCode = report.problems.length === 0 ? 0 : 1;
