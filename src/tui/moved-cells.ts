// Owns the bytes for the few cells that changed between two frames of painted rows: a digit of a countdown is not a row.
import { isOneCellEach } from './width.ts';

/** More is a frame of its own. */
const MOST_ROWS = 12;

/** What makes a screen of `before` one of `after`, leaving the cursor in the last row; null where too much changed. */
export const movedCells = (before: readonly string[], after: readonly string[]): string | null => {
  if (before.length !== after.length) return null;
  const changed = after.flatMap((row, index) => (row === before[index] ? [] : [index]));
  if (changed.length > MOST_ROWS) return null;
  const rows = changed.map((index) => changedCells(before[index] ?? '', after[index] ?? '', index));
  return changed.length === 0 ? '' : `${rows.join('')}${toLastRow(after)}`;
};

/** Whole rows anew, whatever stands there. */
export const wholeRows = (rows: readonly string[], places: readonly number[]): string =>
  places.length === 0 ? '' : `${places.map((place) => wholeRow(rows[place] ?? '', place)).join('')}${toLastRow(rows)}`;

const at = (row: number, column: number): string => `\u001b[${row + 1};${column + 1}H`;

/** Where Ink left the cursor, and counts its rows from. */
const toLastRow = (rows: readonly string[]): string => at(rows.length - 1, 0);

// Erased first: behind a row that fills the window the cursor still stands on its last cell.
const wholeRow = (painted: string, row: number): string => `${at(row, 0)}\u001b[2K${painted}`;

interface Cell {
  readonly character: string;
  readonly style: string;
}

const changedCells = (before: string, after: string, row: number): string => {
  const old = cellsOf(before);
  const next = cellsOf(after);
  if (old === null || next === null) return wholeRow(after, row);
  const width = Math.max(old.length, next.length);
  const isChanged = (column: number): boolean =>
    old[column]?.character !== next[column]?.character || old[column]?.style !== next[column]?.style;
  let first = 0;
  while (first < width && !isChanged(first)) first += 1;
  let end = width;
  while (end > first && !isChanged(end - 1)) end -= 1;
  const shorter = next.length < old.length ? '\u001b[K' : '';
  return `${at(row, first)}${painted(next.slice(first, end))}${shorter}`;
};

const SGR = /\u001b\[([\d;]*)m/;

/** Null where a character may be wider or narrower than a cell. */
const cellsOf = (painted: string): readonly Cell[] | null => {
  const cells: Cell[] = [];
  let style = '';
  for (const [index, part] of painted.split(SGR).entries()) {
    // Text and parameters take turns.
    if (index % 2 === 1) style = part === '0' ? '' : part;
    else if (!isOneCellEach(part)) return null;
    else for (const character of part) cells.push({ character, style });
  }
  return cells;
};

const painted = (cells: readonly Cell[]): string => {
  let text = '';
  let style = '';
  for (const cell of cells) {
    if (cell.style !== style)
      text += `${style === '' ? '' : '\u001b[0m'}${cell.style === '' ? '' : `\u001b[${cell.style}m`}`;
    style = cell.style;
    text += cell.character;
  }
  return style === '' ? text : `${text}\u001b[0m`;
};
