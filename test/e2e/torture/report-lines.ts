// Owns the words in which a torture is told.
import type { TortureReport } from './torture.ts';

const MOST_PROBLEMS_TOLD = 30;

export const reportLines = ({ seed, counts, problems }: TortureReport): readonly string[] => [
  `${counts.kills} kills, ${counts.killsAtStart} of them at the start, and ${counts.tornLines} torn lines: ${counts.commits} commits`,
  `${counts.asked} commands: ${counts.acknowledged} acknowledged, ${counts.refused} refused, ${counts.askedAgain} asked again, ${counts.neverAnswered} never answered`,
  `${counts.alerts} alerts taken, ${counts.paged} messages out, ${counts.pagedAgain} of them again, ${counts.contained} changes outside`,
  ...problems.slice(0, MOST_PROBLEMS_TOLD).map((problem) => `  WRONG: ${problem}`),
  ...(problems.length > MOST_PROBLEMS_TOLD ? [`  and ${problems.length - MOST_PROBLEMS_TOLD} more`] : []),
  problems.length === 0
    ? `nothing lost, nothing done twice unseen (seed ${seed})`
    : `again: npm run torture -- --seed ${seed}`,
];
