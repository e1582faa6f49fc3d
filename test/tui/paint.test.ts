import { describe, expect, it } from 'vitest';
import { glyphsFor } from '../../src/tui/glyphs.ts';
import { framePainter, neutralise, paintRow } from '../../src/tui/paint.ts';
import { line, type Row, segment } from '../../src/tui/row.ts';
import { themeFor, themeNamed } from '../../src/tui/theme.ts';

const none = { theme: themeNamed('none'), glyphs: 'unicode' } as const;
const sixteen = { theme: themeNamed('sixteen'), glyphs: 'unicode' } as const;

describe('painting a row', () => {
  it.each([
    ['leaves what fits', 'checkout', 8, 'checkout'],
    ['cuts with an ellipsis', 'checkout', 5, 'chec…'],
    ['counts wide characters as two', '漢字漢字', 5, '漢字…'],
    ['never shows half a wide character', '漢字漢字', 4, '漢…'],
    ['keeps combining marks with their letter', 'e\u0301e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301…'],
    ['does not cut inside a flag', 'a🇬🇧b🇬🇧', 4, 'a🇬🇧…'],
    ['cuts to nothing', 'checkout', 0, ''],
  ])('%s', (_, text, width, painted) => {
    expect(paintRow(line(text), width, none)).toBe(painted);
  });

  it('keeps the spaces that align columns and drops what could steer a terminal', () => {
    expect(neutralise('  a\u001b[31mb\u0007\u202ec  ')).toBe('  abc  ');
    expect(neutralise('one\r\ntwo\tthree')).toBe('one two three');
    expect(neutralise('\u001b]0;title\u0007')).toBe('');
  });

  it('wraps only styled segments in our own codes, and closes each', () => {
    const row: Row = [segment('SEV1', 'severity1'), segment(' plain '), segment('dim', 'dim')];
    expect(paintRow(row, 80, sixteen)).toBe('\u001b[1;97;41mSEV1\u001b[0m plain \u001b[2mdim\u001b[0m');
    expect(paintRow(row, 80, none)).toBe('SEV1 plain dim');
  });

  it('has no colour in mono', () => {
    const row: Row = [
      segment('SEV1', 'severity1'),
      segment('loud', 'loud'),
      segment('ok', 'ok'),
      segment('PROD', 'production'),
    ];
    const codes = [
      ...paintRow(row, 80, { theme: themeNamed('mono'), glyphs: 'unicode' }).matchAll(/\u001b\[([\d;]+)m/g),
    ].flatMap(([, code]) => (code ?? '').split(';'));
    expect(codes.every((code) => ['0', '1', '2', '4', '7'].includes(code))).toBe(true);
  });

  it('fills a selected row to the edge', () => {
    expect(paintRow(line('a', 'selected'), 3, sixteen)).toBe('\u001b[7ma  \u001b[0m');
  });

  it('draws with ASCII alone where only that is safe', () => {
    const painted = paintRow(line('│ ─ → ▁▂▃▄▅▆▇█ cut off here'), 20, { ...none, glyphs: 'ascii' });
    expect(painted).toBe('| - > _.:-=+*# cut ~');
  });
});

describe('painting frames', () => {
  it('keeps the strings of unchanged rows', () => {
    const paint = framePainter(sixteen);
    const [first] = paint([line('same', 'ok'), line('one')], 10);
    const second = paint([line('same', 'ok'), line('two')], 10);
    expect(second[0]).toBe(first);
    expect(second[1]).toBe('two');
  });

  it('paints anew at another width', () => {
    const paint = framePainter(none);
    paint([line('checkout')], 10);
    expect(paint([line('checkout')], 4)).toEqual(['che…']);
  });
});

describe('what the terminal takes', () => {
  it.each([
    [{ TERM: 'xterm-256color' }, 'sixteen'],
    [{ NO_COLOR: '1' }, 'mono'],
    [{ NO_COLOR: '' }, 'sixteen'],
    [{ FORCE_COLOR: '0' }, 'mono'],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, 'sixteen'],
    [{ TERM: 'dumb' }, 'none'],
  ])('%o means %s', (env, theme) => expect(themeFor(env)).toBe(theme));

  it.each([
    [{}, 'unicode'],
    [{ LANG: 'en_GB.UTF-8' }, 'unicode'],
    [{ LANG: 'C' }, 'ascii'],
    [{ LC_ALL: 'POSIX', LANG: 'en_GB.UTF-8' }, 'ascii'],
  ])('%o draws %s', (env, glyphs) => expect(glyphsFor(env)).toBe(glyphs));
});
