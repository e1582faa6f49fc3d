// Owns the middle of the room: the ladder at the left, what is in place at the right.
import { COLUMN } from '../../glyphs.ts';
import { blank, type Row, type Segment, type StyleName, segment } from '../../row.ts';
import { cut, rowToWidth, spread, toWidth, widthOfRow } from '../../width.ts';
import type { EscalationModel, LevelLine } from './escalation-model.ts';
import type { LedgerLine, LedgerModel } from './ledger-model.ts';

export const wantedColumnRows = (escalation: EscalationModel, ledger: LedgerModel): number =>
  1 + Math.max(escalation.levels.length + (beside(escalation) === null ? 0 : 1), ledger.entries.length * 2, 2);

export const columnRows = (
  escalation: EscalationModel,
  ledger: LedgerModel,
  { width, maxRows }: { readonly width: number; readonly maxRows: number },
): readonly Row[] => {
  const leftWidth = Math.floor(width / 2);
  const rightWidth = width - leftWidth - 1;
  const left = escalationRows(escalation, leftWidth, maxRows);
  const right = ledgerRows(ledger, rightWidth - 1, maxRows);
  const height = Math.min(maxRows, Math.max(left.length, right.length));
  return Array.from({ length: height }, (_, index) => [
    ...rowToWidth(left[index] ?? blank, leftWidth),
    segment(COLUMN, 'rule'),
    segment(' '),
    ...rowToWidth(right[index] ?? blank, rightWidth - 1),
  ]);
};

export const escalationRows = (escalation: EscalationModel, width: number, maxRows: number): readonly Row[] => {
  const title = segment(` ${escalation.title}`, 'heading');
  const held = beside(escalation);
  const isOneRow = held !== null && widthOfRow([title, held]) < width - 8;
  const heldRow: readonly Row[] = held === null || isOneRow ? [] : [[held]];
  const lines = fitting(escalation.levels, maxRows - 1 - heldRow.length);
  const left = escalation.levels.length - lines.length;
  const heading: Row = [title, ...(isOneRow ? [held] : []), ...(left === 0 ? [] : [segment(`  +${left} more`, 'dim')])];
  return [heading, ...heldRow, ...lines.map((level) => levelRow(level, width))];
};

/** Who has it, else whether and by when somebody must. */
const beside = ({ held, response }: EscalationModel): Segment | null => {
  if (held !== null) return segment(`  ${held}`, 'ok');
  return response === null ? null : segment(`  ${response.text}`, response.tone);
};

/** What comes stays in view; of what was done, the latest. */
const fitting = (levels: readonly LevelLine[], room: number): readonly LevelLine[] => {
  if (levels.length <= room) return levels;
  const waiting = levels.filter((level) => level.word !== 'done');
  const done = levels.filter((level) => level.word === 'done');
  const keptDone = Math.max(done.length > 0 ? 1 : 0, room - waiting.length);
  return [...done.slice(done.length - keptDone), ...waiting].slice(0, room);
};

const levelRow = (level: LevelLine, width: number): Row => {
  const wordsWidth = Math.min(level.words.length, Math.floor(width * 0.6));
  return [
    segment(`  ${toWidth(level.word, 5)}`, level.word === 'next' || level.word === 'due' ? 'bold' : 'dim'),
    segment(toWidth(level.who, Math.max(0, width - 9 - wordsWidth))),
    segment(' '),
    segment(cut(level.words, wordsWidth), level.tone),
  ];
};

export const ledgerRows = (ledger: LedgerModel, width: number, maxRows: number): readonly Row[] => {
  const room = Math.floor((maxRows - 1) / 2);
  const shown = ledger.entries.slice(0, room);
  const left = ledger.count - shown.length;
  const heading: Row = [
    segment(ledger.title, ledger.isEmpty ? 'dim' : 'heading'),
    ...(left === 0 ? [] : [segment(`  +${left} more`, 'warn')]),
  ];
  return [heading, ...shown.flatMap((entry) => entryRows(entry, width))];
};

const entryRows = (entry: LedgerLine, width: number): readonly Row[] => {
  const style: StyleName = entry.tone;
  return [
    spread(
      [segment(` ${toWidth(entry.id, 4)}`, 'bold'), segment(entry.what)],
      [segment(`  ${cut(entry.owner, 14)} `, 'dim')],
      width,
    ),
    [segment(`     ${cut(entry.detail, width - 6)}`, style)],
  ];
};
