// Owns how style names look: sixteen ANSI colours that follow the terminal's own palette, mono, or nothing at all.
import type { StyleName } from './row.ts';

export type ThemeName = 'sixteen' | 'mono' | 'none';

/** SGR parameters per style; empty for no styling. */
export type Theme = Readonly<Record<StyleName, string>>;

const sixteen: Theme = {
  plain: '',
  dim: '2',
  bold: '1',
  heading: '1',
  rule: '2',
  key: '1;36',
  ok: '32',
  warn: '33',
  bad: '31',
  loud: '1;31',
  selected: '7',
  banner: '30;43',
  production: '1;35',
  removed: '31',
  added: '32',
  severity1: '1;97;41',
  severity2: '1;30;43',
  severity3: '1;33',
  severity4: '1;34',
};

const mono: Theme = {
  plain: '',
  dim: '2',
  bold: '1',
  heading: '1',
  rule: '2',
  key: '1',
  ok: '',
  warn: '1',
  bad: '1',
  loud: '1;4',
  selected: '7',
  banner: '7',
  production: '1;4',
  removed: '',
  added: '',
  severity1: '1;7',
  severity2: '1;7',
  severity3: '1',
  severity4: '',
};

const none = Object.fromEntries(Object.keys(sixteen).map((style) => [style, ''])) as Theme;

const themes: Readonly<Record<ThemeName, Theme>> = { sixteen, mono, none };

export const themeNamed = (name: ThemeName): Theme => themes[name];

/** Styles whose background runs to the right edge. */
export const fillsRow = (style: StyleName): boolean => style === 'selected' || style === 'banner';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the terminal is said to take: TERM, FORCE_COLOR (0 is off), NO_COLOR (any text is off). */
export const themeFor = (env: Environment): ThemeName => {
  if (env.TERM === 'dumb') return 'none';
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR === '0' || env.FORCE_COLOR === 'false' ? 'mono' : 'sixteen';
  return (env.NO_COLOR ?? '') === '' ? 'sixteen' : 'mono';
};
