// Owns how results are shown: one row each, columns aligned, figures with the digits they deserve.
import type { Row } from './benchmark.ts';
import { median, quantile } from './measure.ts';

const HEADINGS = [
  'benchmark',
  'ours ms',
  'p95',
  'p99',
  'limit ms',
  'p95',
  'p99',
  'ours/limit',
  'n',
  'limit is',
] as const;

/** A p99 of fewer samples than this is only the worst one. */
const FEWEST_FOR_P99 = 100;

const milliseconds = (value: number): string =>
  Number.isNaN(value) ? '-' : value.toFixed(value < 1 ? 3 : value < 100 ? 2 : 0);

const quantiles = (samples: readonly number[]): readonly string[] => [
  milliseconds(median(samples)),
  milliseconds(quantile(samples, 0.95)),
  samples.length < FEWEST_FOR_P99 ? '-' : milliseconds(quantile(samples, 0.99)),
];

/** Nothing is how many times as much as none at all? */
const times = (ratio: number): string => (Number.isFinite(ratio) ? `${ratio.toFixed(2)}x` : '-');

const cellsOf = ({ name, ours, limit, against }: Row): readonly string[] => [
  name,
  ...quantiles(ours),
  ...quantiles(limit),
  times(median(ours) / median(limit)),
  ours.length === limit.length ? `${ours.length}` : `${ours.length}/${limit.length}`,
  against,
];

/** One result as it comes in. */
export const resultLine = (row: Row): string => {
  const [name, ours, , , limit, , , ratio, n, against] = cellsOf(row);
  return `  ${name}: ${ours} ms, limit ${limit} ms (${against}), ${ratio}, n ${n}${row.note === '' ? '' : `\n    ${row.note}`}`;
};

/** All results as a Markdown table, readable as it is. */
export const table = (rows: readonly Row[]): string => {
  const lines = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const isText = (column: number): boolean => column === 0 || column === HEADINGS.length - 1;
  const pad = (text: string, column: number): string =>
    isText(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  const drawn = lines.map((cells) => `| ${cells.map(pad).join(' | ')} |`);
  const rule = `|${widths.map((width, column) => (isText(column) ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [drawn[0], rule, ...drawn.slice(1)].join('\n');
};
