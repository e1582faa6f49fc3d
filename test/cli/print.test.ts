import { describe, expect, it } from 'vitest';
import { columns, printJson, printLines, printQuestion } from '../../src/cli/print.ts';

const printed = (print: (to: { write(text: string): void }) => void): string => {
  let all = '';
  print({
    write: (text) => {
      all += text;
    },
  });
  return all;
};

const HOSTILE = 'a\u001b]52;c;ZXZpbA==\u0007b\u001b[2Jc\rd\u009b31me\u202ef\u200bg\nh';
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/u;

describe('the sink of the command line', () => {
  it('prints what steers a terminal as nothing, and one text as one line', () => {
    expect(printed((to) => printLines(to, [`  ${HOSTILE}`]))).toBe('  abc defg h\n');
    expect(printed((to) => printQuestion(to, HOSTILE))).toBe('abc defg h ');
  });

  it('escapes in JSON what a terminal would obey, and loses nothing of it', () => {
    const value = { text: HOSTILE, mark: 'x\u034f', tag: '\u{e0041}' };
    const text = printed((to) => printJson(to, value));
    expect(text).not.toMatch(STEERS);
    expect(text.split('\n')).toHaveLength(2);
    expect(JSON.parse(text)).toEqual(value);
  });

  it('aligns columns by what is seen, and leaves nothing behind the last one', () => {
    expect(
      columns([
        ['A1', 'x', 'end'],
        ['A10', '東京', ''],
        ['A2\u001b[31m', '', 'z'],
      ]),
    ).toEqual(['A1   x     end', 'A10  東京', 'A2         z']);
  });
});
