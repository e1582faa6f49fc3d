// Owns the proof that an agent does not grow with its room's age: hours of a busy room, and it holds what it held halfway.
import { expect, it } from 'vitest';
import { soak, summaryOf } from './soak/soak.ts';

it('an agent holds no more memory and no more handles after hours of incidents than halfway', async () => {
  const lines: string[] = [];
  const report = await soak({ hours: 6, speed: 600, samples: 16, say: (line) => lines.push(line) });
  process.stdout.write(`${[...lines, ...summaryOf(report)].join('\n')}\n`);
  expect(report.problems).toEqual([]);
  // What did not happen was not shown.
  const { incidents, contained, alerts, visits, stuck } = report.counts;
  for (const count of [incidents, contained, alerts, visits, report.paged]) expect(count).toBeGreaterThan(20);
  expect(stuck).toBeLessThan(incidents / 10);
});
