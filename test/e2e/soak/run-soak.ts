// Owns `npm run soak -- [--hours N] [--speed N]`: lets a room live for hours in minutes, and tells whether its agent stays small.
import { parseArgs } from 'node:util';
import { soak, summaryOf } from './soak.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { hours: text, speed: text } });
const hours = Number(values.hours ?? '24');
const speed = Number(values.speed ?? '300');
if (!(hours > 0) || !(speed >= 1 && speed <= 1_000)) {
  console.error(
    '--hours is a number of hours, --speed a number from 1 to 1000: npm run soak -- --hours 24 --speed 300',
  );
  process.exit(2);
}
const minutes = Math.ceil((hours * 60) / speed);
console.log(`soak: ${hours} room hours at ${speed} times the pace of life, about ${minutes} min`);
const report = await soak({ hours, speed, samples: Math.min(60, Math.max(16, Math.round(hours))), say: console.log });
for (const line of summaryOf(report)) console.log(line);
process.exitCode = report.problems.length === 0 ? 0 : 1;
