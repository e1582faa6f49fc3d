import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/incident/text.ts';

describe('safe text', () => {
  it.each([
    ['plain words in any script', 'checkout läuft 漢字 ✓', 'checkout läuft 漢字 ✓'],
    ['a clipboard write', 'a\u001b]52;c;aGk=\u0007b', 'ab'],
    ['an unterminated string sequence', 'a\u001b]0;title', 'a'],
    ['a link', '\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['colours and cursor moves', '\u001b[31mred\u001b[2J\u001b[H', 'red'],
    ['eight-bit controls', 'a\u009b2Jb\u009d52;c;x\u009cc', 'abc'],
    ['a device control string', 'a\u001bPq\u001b\\b', 'ab'],
    ['carriage returns and lines', 'ok\r\nevil\tx', 'ok evil x'],
    ['bidi overrides and isolates', 'a\u202eb\u2066c\u2069', 'abc'],
    ['zero-width and invisible characters', 'a\u200bb\ufeffc\u2060d\u{e0041}', 'abcd'],
    ['a NUL, a bell and a backspace', 'a\u0000b\u0007c\b', 'abc'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['only invisible things', ' \u200b\u001b[2J \u2800\u3164\u00a0', ''],
    ['skin tones, on whose width terminals do not agree', '👍🏽 ok', '👍 ok'],
  ])('neutralises %s', (_what, raw, safe) => {
    expect(safeText(raw)).toBe(safe);
  });

  it('keeps at most the given length, marks the cut, and breaks no character', () => {
    expect(safeText('abcdef', 4)).toBe('abc…');
    expect(safeText('ab\u{1f600}cd', 4)).toBe('ab…');
    expect(safeText('x'.repeat(3_000_000), 100)).toHaveLength(100);
  });

  it('stops marks from piling up on one letter', () => {
    expect(safeText(`a${'\u0301'.repeat(50)}`)).toBe(`a${'\u0301'.repeat(4)}`);
  });

  it('leaves no control, escape or invisible character of anything, and is stable', () => {
    const anything = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      maxLength: 300,
    });
    fc.assert(
      fc.property(anything, (raw) => {
        const safe = safeText(raw, 200);
        expect(safe).not.toMatch(/\p{Cc}|\p{Cs}|[\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u);
        expect(safe.length).toBeLessThanOrEqual(200);
        expect(safeText(safe, 200)).toBe(safe);
      }),
      { numRuns: 2_000 },
    );
  });
});
