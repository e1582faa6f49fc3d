// Owns what is read of an incident from across the room: severity, error ratio, age, who has command, when others are paged.
import { type Row, type Segment, type StyleName, segment } from '../row.ts';
import { severityStyles } from '../screens/room/head-rows.ts';
import { cut, spread, toWidth } from '../width.ts';
import type { IncidentWall } from './incident-model.ts';
import { type LetterSize, largeText, largeWidth, letterSizes, rimmed } from './large-text.ts';
import type { WallModel } from './view-model.ts';
import { type Block, type Board, fitSideBySide, isTall, sideBySide } from './wall-parts.ts';

type Model = Extract<WallModel, IncidentWall>;

/** Severity, error ratio and age, as large as a quarter of the wall allows. */
export const factRows = (model: Model, board: Board): readonly Row[] => {
  for (const { size, facts } of factLayouts(board)) {
    const blocks = [
      severityBlock(model, size, board),
      errorsBlock(model, size, board),
      elapsedBlock(model, size, board),
    ];
    const shown = blocks.slice(0, facts);
    if (fitSideBySide(shown, board)) return sideBySide(shown, board);
  }
  const { severity, errors, elapsed } = model;
  return [
    [
      segment(` ${severity} `, severityStyles[severity]),
      segment(`  ${errors.text} `, errors.tone),
      segment(`${errors.words}   ${elapsed.text} ${elapsed.unit}`),
    ],
  ];
};

interface FactLayout {
  readonly size: LetterSize;
  readonly facts: 2 | 3;
}

/** Letters of a single row a dot are worth leaving the age out for. */
function* factLayouts({ rows, glyphs }: Board): Generator<FactLayout> {
  const largest = Math.max(2, Math.floor((2 * Math.floor(rows * 0.26) - 2) / 5));
  for (const facts of [3, 2] as const) {
    for (const size of letterSizes(largest, glyphs, 2)) yield { size, facts };
  }
  for (const size of letterSizes(1, glyphs)) yield { size, facts: 3 };
}

const severityBlock = ({ severity, phase }: Model, size: LetterSize, { glyphs }: Board): Block => {
  const style = severityStyles[severity];
  const rim = ' '.repeat(size.scale);
  const rows = (largeText(severity, size, rimmed(size.scale, glyphs)) ?? []).map((row) =>
    segment(`${rim}${row}${rim}`, style),
  );
  return { rows, width: (largeWidth(severity, size) ?? 0) + 2 * size.scale, captions: [segment(phase.toLowerCase())] };
};

const errorsBlock = ({ errors, alarm }: Model, size: LetterSize, board: Board): Block =>
  openBlock(errors.text, { style: errors.tone, size, board }, [
    segment(errors.words, alarm === null && errors.tone === 'warn' ? 'warn' : 'plain'),
  ]);

const elapsedBlock = ({ elapsed }: Model, size: LetterSize, board: Board): Block =>
  openBlock(elapsed.text, { style: 'bold', size, board }, [
    segment(`${elapsed.unit} since declared`),
    segment(`${elapsed.unit} open`),
    segment(elapsed.unit),
  ]);

interface Drawn {
  readonly style: StyleName;
  readonly size: LetterSize;
  readonly board: Board;
}

/** Large letters without a plate, on one line with those that have one. */
const openBlock = (text: string, { style, size, board }: Drawn, captions: readonly Segment[]): Block => ({
  rows: (largeText(text, size, rimmed(size.scale, board.glyphs)) ?? []).map((row) => segment(row, style)),
  width: largeWidth(text, size) ?? 0,
  captions,
});

/** Who has command, and when the next people are paged. */
export const peopleRows = (model: Model, board: Board): readonly Row[] => {
  const scale = board.rows >= 50 ? 2 : 1;
  const blocks = [whoBlock(model, { scale, gap: scale }, board), whenBlock(model, { scale, gap: scale }, board)];
  const areLetters = blocks.every(({ rows }) => rows.length > 0) && board.glyphs === 'unicode';
  return isTall(board) && areLetters && fitSideBySide(blocks, board)
    ? sideBySide(blocks, board)
    : [peopleRow(model, board)];
};

const whoBlock = ({ commander }: Model, size: LetterSize, board: Board): Block => {
  if (commander !== null) return openBlock(`IC ${commander}`, { style: 'bold', size, board }, [segment('commands')]);
  const { rows, width } = openBlock('NO COMMANDER', { style: 'severity1', size, board }, []);
  const rim = ' '.repeat(2 * size.scale);
  return {
    rows: rows.map(({ text, style }) => ({ text: `${rim}${text}${rim}`, style })),
    width: width + 2 * rim.length,
    captions: [segment('nobody commands this incident', 'loud')],
  };
};

const whenBlock = ({ countdown: { text, words, tone } }: Model, size: LetterSize, board: Board): Block =>
  openBlock(text, { style: tone === 'plain' ? 'bold' : tone, size, board }, [segment(words)]);

const peopleRow = ({ commander, countdown }: Model, { columns }: Board): Row => {
  const half = Math.floor(columns / 2) - 3;
  const who =
    commander === null
      ? segment(toWidth('  NO COMMANDER', half), 'severity1')
      : segment(cut(`IC ${commander}`, half), 'bold');
  const when: Row = [
    segment(countdown.text, countdown.tone === 'plain' ? 'bold' : countdown.tone),
    segment(` ${cut(countdown.words, columns - half - countdown.text.length - 5)} `),
  ];
  return spread([segment(' '), who], when, columns);
};
