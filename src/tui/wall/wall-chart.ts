// Owns the line chart on the wall: one element for as long as the wall lives, given new numbers only when they changed.
import type { Widgets } from 'blessed';
import line from 'blessed-contrib/lib/widget/charts/line.js';
import type { ThemeName } from '../theme.ts';
import { type ChartModel, STRETCHES } from './chart-model.ts';
import type { ChartPlace } from './wall-parts.ts';

export interface WallChart {
  /** True when something has to be drawn. */
  show(place: ChartPlace | null): boolean;
}

const plainColours = { curve: 'normal', well: 'normal', limit: 'normal', mark: 'normal' } as const;
const colours = { curve: 'red', well: 'green', limit: 'yellow', mark: 'cyan' } as const;

// Each stretch is two points, so that it is a step, and one between two unknown ones can be seen.
const POINTS = 2 * STRETCHES;
const LABEL_EVERY = POINTS / 3;
const LOW_ROWS = 12;
// The library leaves these at the right and at the bottom of its canvas.
const BLANK_COLUMNS = 5;
const BLANK_ROWS = 3;

export const wallChart = (screen: Widgets.Screen, theme: ThemeName): WallChart => {
  const palette = theme === 'sixteen' ? colours : plainColours;
  const options = {
    style: { line: 'normal', text: 'normal', baseline: 'normal' },
    showNthLabel: LABEL_EVERY,
    wholeNumbersOnly: true,
    numYLabels: 5,
    maxY: 100,
    hidden: true,
  };
  // The published type of `showNthLabel` says boolean; it is a number.
  const chart = line(options as unknown as Parameters<typeof line>[0]);
  screen.append(chart);
  let shown = '';
  return {
    show: (place) => {
      const next = place === null ? '' : JSON.stringify(place);
      if (next === shown) return false;
      const stands = place !== null && shown !== '' && isSamePlace(JSON.parse(shown), place);
      shown = next;
      chart.hidden = place === null;
      if (place === null) return true;
      if (!stands) {
        chart.top = place.top;
        chart.left = place.left;
        chart.width = place.columns + BLANK_COLUMNS;
        chart.height = place.rows + BLANK_ROWS;
        // What the library does when the element is first put on a screen: a canvas of the right size.
        chart.emit('attach');
      }
      const { model } = place;
      Object.assign(chart.options, scaleOf(model, place.rows));
      chart.setData(seriesOf(model, palette));
      return true;
    },
  };
};

/** The library cuts off the uppermost two dots, and puts labels where the height divided by their number is. */
const scaleOf = ({ topPercent }: ChartModel, rows: number): { readonly maxY: number; readonly numYLabels: number } => {
  const dots = (rows + BLANK_ROWS) * 4 - 8 - 11;
  const maxY = topPercent * (1 + 4 / dots);
  const step = Math.floor(topPercent / (rows < LOW_ROWS ? 2 : 5));
  return { maxY, numYLabels: maxY / (step + 0.001) };
};

const isSamePlace = (a: ChartPlace, b: ChartPlace): boolean =>
  a.top === b.top && a.left === b.left && a.columns === b.columns && a.rows === b.rows;

/** A label without a character would be drawn as the word undefined. */
const labelsOf = (minutes: number): string[] =>
  Array.from({ length: POINTS }, (_, index) =>
    index % LABEL_EVERY === 0 ? `${Math.round((index / POINTS - 1) * minutes)} min` : ' ',
  );

// Not a number draws nothing: a gap where nothing is known.
const seriesOf = (model: ChartModel, palette: Readonly<Record<keyof typeof colours, string>>) => {
  const { percentages, limitPercent, marks, topPercent } = model;
  const marked = new Set(marks);
  const newest = percentages.findLast((percentage) => percentage !== null) ?? 0;
  const isAbove = limitPercent !== null && newest >= limitPercent;
  const xs = labelsOf(model.minutes);
  const series = (y: number[], colour: string) => ({ x: xs, y, style: { line: colour } });
  return [
    ...(limitPercent === null
      ? []
      : [
          series(
            Array.from({ length: POINTS }, () => limitPercent),
            palette.limit,
          ),
        ]),
    series(
      percentages.flatMap((_, index) => (marked.has(index) ? [0, topPercent] : [Number.NaN, Number.NaN])),
      palette.mark,
    ),
    series(
      percentages.flatMap((percentage) => [percentage ?? Number.NaN, percentage ?? Number.NaN]),
      isAbove ? palette.curve : palette.well,
    ),
  ];
};
