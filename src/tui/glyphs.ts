// Owns the few characters beyond ASCII that screens draw, each one cell wide, and what stands for them where only ASCII is safe.

export type GlyphSet = 'unicode' | 'ascii';

export const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
export const COLUMN = '│';
export const DASH = '─';
export const ARROW = '→';

const asciiFor: Readonly<Record<string, string>> = {
  [COLUMN]: '|',
  [DASH]: '-',
  [ARROW]: '>',
  '…': '~',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
};

export const toAscii = (text: string): string => text.replace(/[│─→…▁▂▃▄▅▆▇█]/g, (glyph) => asciiFor[glyph] ?? glyph);

/** ASCII where the locale says so; a locale nobody set is taken for UTF-8, as today's terminals are. */
export const glyphsFor = (env: Readonly<Record<string, string | undefined>>): GlyphSet => {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return locale === '' || /utf-?8/i.test(locale) ? 'unicode' : 'ascii';
};
