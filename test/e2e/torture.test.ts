// Owns the proof by killing: a real agent under load, killed at any instant, loses nothing it acknowledged and repeats nothing unseen.
import { expect, it } from 'vitest';
import { reportLines } from './torture/report-lines.ts';
import { torture } from './torture/torture.ts';

const KILLS = 50;

it(`an agent killed ${KILLS} times under load keeps every acknowledgement, once`, { timeout: 300_000 }, async () => {
  const given = process.env.WARROOM_TORTURE_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  const report = await torture({ kills: KILLS, seed });
  process.stdout.write(`${reportLines(report).join('\n')}\n`);
  expect(report.problems).toEqual([]);
  // What did not happen was not shown.
  const { counts } = report;
  expect(counts.acknowledged).toBeGreaterThan(10 * KILLS);
  for (const name of [
    'killsAtStart',
    'tornLines',
    'askedAgain',
    'neverAnswered',
    'alerts',
    'pagedAgain',
    'contained',
  ] as const)
    expect(counts[name], name).toBeGreaterThan(0);
});
