import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTeller } from '../../../src/tui/plain/teller.ts';
import { lineSplitter, type TypedLine, typedLines } from '../../../src/tui/plain/typed-lines.ts';
import { wantsPlain } from '../../../src/tui/plain/wants-plain.ts';
import { until } from '../../support/until.ts';

const TERMINAL = { isTTY: true };
const PIPE = {};

describe('lines instead of a screen', () => {
  it.each([
    ['on a terminal', { isAsked: false, env: { TERM: 'xterm' }, stdin: TERMINAL, stdout: TERMINAL }, false],
    ['asked for', { isAsked: true, env: { TERM: 'xterm' }, stdin: TERMINAL, stdout: TERMINAL }, true],
    ['into a pipe', { isAsked: false, env: { TERM: 'xterm' }, stdin: TERMINAL, stdout: PIPE }, true],
    ['from a pipe', { isAsked: false, env: { TERM: 'xterm' }, stdin: PIPE, stdout: TERMINAL }, true],
    ['on a dumb terminal', { isAsked: false, env: { TERM: 'dumb' }, stdin: TERMINAL, stdout: TERMINAL }, true],
    ['with ACCESSIBLE', { isAsked: false, env: { ACCESSIBLE: '1' }, stdin: TERMINAL, stdout: TERMINAL }, true],
    ['with ACCESSIBLE off', { isAsked: false, env: { ACCESSIBLE: '0' }, stdin: TERMINAL, stdout: TERMINAL }, false],
    ['with ACCESSIBLE empty', { isAsked: false, env: { ACCESSIBLE: '' }, stdin: TERMINAL, stdout: TERMINAL }, false],
    [
      'with a screen reader',
      { isAsked: false, env: { INK_SCREEN_READER: 'true' }, stdin: TERMINAL, stdout: TERMINAL },
      true,
    ],
    ['with NO_COLOR', { isAsked: false, env: { NO_COLOR: '1' }, stdin: TERMINAL, stdout: TERMINAL }, false],
  ])('%s', (_, occasion, wanted) => {
    expect(wantsPlain(occasion)).toBe(wanted);
  });
});

describe('typed lines', () => {
  const split = (...pieces: readonly string[]): readonly (readonly [string, boolean])[] => {
    const splitter = lineSplitter();
    return pieces.flatMap((piece) =>
      splitter.take(Buffer.from(piece), 0).map(({ text, isAlone }) => [text, isAlone] as const),
    );
  };

  it.each([
    ['one line', ['ack\n'], [['ack', true]]],
    ['a line in two pieces', ['confirm', ' A7\n'], [['confirm A7', true]]],
    [
      'two lines in one piece',
      ['arm A7\nconfirm A7\n'],
      [
        ['arm A7', false],
        ['confirm A7', false],
      ],
    ],
    [
      'a line and the beginning of another',
      ['arm A7\ncon', 'firm A7\n'],
      [
        ['arm A7', false],
        ['confirm A7', true],
      ],
    ],
    ['an empty line', ['\n'], [['', true]]],
    ['no end yet', ['ack'], []],
  ] as const)('%s', (_, pieces, lines) => {
    expect(split(...pieces)).toEqual(lines);
  });

  it('hold a character that comes in two pieces', () => {
    const splitter = lineSplitter();
    const bytes = Buffer.from('note €\n');
    expect(splitter.take(bytes.subarray(0, 6), 0)).toEqual([]);
    expect(splitter.take(bytes.subarray(6), 0)[0]?.text).toBe('note €');
  });

  it('are bounded, however long one is', () => {
    const splitter = lineSplitter();
    for (let piece = 0; piece < 1_000; piece++) expect(splitter.take(Buffer.alloc(1_024, 'x'), 0)).toEqual([]);
    expect(splitter.take(Buffer.from('\nack\n'), 0).map(({ text }) => text.length)).toEqual([16_384, 3]);
  });

  const listening = (isHeld: () => Promise<void> = async () => {}) => {
    const stdin = new PassThrough();
    const heard: TypedLine[] = [];
    let hasEnded = 0;
    const typed = typedLines(stdin, () => 0, {
      line: async (line) => {
        heard.push(line);
        await isHeld();
      },
      ended: () => {
        hasEnded += 1;
      },
    });
    return { stdin, heard, typed, hasEnded: () => hasEnded };
  };

  it('are heard one after the other, and what was typed ahead is known for it', async () => {
    let release = (): void => {};
    const { stdin, heard } = listening(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    stdin.write('contain\n');
    await until('the first line', () => heard.length === 1);
    stdin.write('confirm A7\n');
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toHaveLength(1);
    release();
    await until('the second line', () => heard.length === 2);
    expect(heard.map(({ text, isAlone }) => [text, isAlone])).toEqual([
      ['contain', true],
      ['confirm A7', false],
    ]);
  });

  it('end once, with what had no end of its own, whether the input ended or broke', async () => {
    const { stdin, heard, hasEnded } = listening();
    stdin.end('status');
    await until('the end', () => hasEnded() === 1);
    expect(heard.map(({ text }) => text)).toEqual(['status']);
    const broken = listening();
    broken.stdin.destroy(new Error('EIO'));
    await until('the end', () => broken.hasEnded() === 1);
  });

  it('wait where they are when too many come', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { stdin, heard } = listening(() => released);
    for (let piece = 0; piece < 50; piece++) stdin.write('x\n'.repeat(20));
    await until('the pause', () => stdin.isPaused());
    expect(heard).toHaveLength(1);
    release();
    await until('all lines', () => heard.length === 1_000);
  });
});

describe('what is said', () => {
  const told = (glyphs: 'unicode' | 'ascii' = 'unicode') => {
    const output = {
      written: '',
      writableLength: 0,
      write: (text: string): boolean => {
        output.written += text;
        return true;
      },
    };
    return { output, tell: createTeller(output, glyphs) };
  };

  it('is whole lines, and nothing of it steers a terminal', () => {
    const { output, tell } = told();
    tell(['  note: \u001b[31mred\u001b]0;title\u0007 \u202eevil\r\nnext', 'a\u009b2Jb', '\u0000']);
    expect(output.written).toBe('  note: red evil next\nab\n\n');
  });

  it('is ASCII where only that is safe', () => {
    const { output, tell } = told('ascii');
    tell(['SEV2 → SEV1']);
    expect(output.written).toBe('SEV2 > SEV1\n');
  });

  it('is nothing for nothing', () => {
    const { output, tell } = told();
    tell([]);
    expect(output.written).toBe('');
  });

  it('loses the middle for a reader who does not read, and says how much', () => {
    const { output, tell } = told();
    tell(['first']);
    output.writableLength = 2 * 1024 * 1024;
    tell(['lost', 'lost']);
    output.writableLength = 0;
    tell(['last']);
    expect(output.written).toBe('first\n2 lines left out here: nobody read them\nlast\n');
  });
});
