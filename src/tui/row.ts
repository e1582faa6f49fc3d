// Owns what a screen is made of: rows of segments with style names. Nothing here knows colours or terminals.

export type StyleName =
  | 'plain'
  | 'dim'
  | 'bold'
  | 'heading'
  | 'rule'
  | 'key'
  | 'ok'
  | 'warn'
  | 'bad'
  | 'loud'
  | 'selected'
  | 'banner'
  | 'production'
  | 'removed'
  | 'added'
  | 'severity1'
  | 'severity2'
  | 'severity3'
  | 'severity4';

export interface Segment {
  readonly text: string;
  readonly style: StyleName;
}

export type Row = readonly Segment[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export const segment = (text: string, style: StyleName = 'plain'): Segment => ({ text, style });

export const blank: Row = [];

export const line = (text: string, style: StyleName = 'plain'): Row => [segment(text, style)];

/** The words of a row without styles: what frames in tests, and ears, get. */
export const plainText = (row: Row): string => row.map((part) => part.text).join('');
