import { describe, expect, it } from 'vitest';
import { type InkKey, keyFrom, motionsIn } from '../../src/tui/keys.ts';
import { edit } from '../../src/tui/text-field.ts';
import { wrapText } from '../../src/tui/width.ts';

const nothing: InkKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageUp: false,
  pageDown: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  tab: false,
  backspace: false,
  delete: false,
  ctrl: false,
  meta: false,
};

describe('one read of the keyboard', () => {
  it.each<[string, string, Partial<InkKey>, unknown]>([
    ['a letter', 'y', {}, { name: 'character', character: 'y' }],
    ['a letter of several code points', 'e\u0301', {}, { name: 'character', character: 'e\u0301' }],
    ['two letters at once', 'yy', {}, { name: 'chunk', text: 'yy' }],
    ['a letter and Enter at once', 'y\r', {}, { name: 'chunk', text: 'y\r' }],
    ['Enter', '\r', { return: true }, { name: 'enter' }],
    ['Escape and y at once, which looks like Alt-y', 'y', { meta: true }, { name: 'escape' }],
    ['Ctrl-C', 'c', { ctrl: true }, { name: 'ctrl-c' }],
    ['Ctrl-Y', 'y', { ctrl: true }, null],
    ['a stray control character', '\u0000', {}, null],
    ['the delete key', '', { delete: true }, { name: 'backspace' }],
  ])('%s', (_, input, flags, key) => {
    expect(keyFrom(input, { ...nothing, ...flags })).toEqual(key);
  });

  it('is motion only where all of it is', () => {
    expect(motionsIn({ name: 'chunk', text: 'jjk' })).toEqual(['down', 'down', 'up']);
    expect(motionsIn({ name: 'chunk', text: 'jy' })).toEqual([]);
    expect(motionsIn({ name: 'paste', text: 'jj' })).toEqual([]);
    expect(motionsIn({ name: 'page-down' })).toEqual(['page-down']);
  });
});

describe('a line of text', () => {
  it('is entered by Enter, also when it came with the last letters, never by a paste', () => {
    expect(edit('a', { name: 'enter' }, 10)).toMatchObject({ text: 'a', entered: true });
    expect(edit('a', { name: 'chunk', text: 'bc\r' }, 10)).toMatchObject({ text: 'abc', entered: true });
    expect(edit('a', { name: 'paste', text: 'b\r' }, 10)).toMatchObject({ text: 'ab ', entered: false });
  });

  it('loses whole characters, keeps its length, and takes nothing invisible', () => {
    expect(edit('a👩‍👩‍👧', { name: 'backspace' }, 10)).toMatchObject({ text: 'a' });
    expect(edit('abc', { name: 'chunk', text: 'defgh' }, 5)).toMatchObject({ text: 'abcde' });
    expect(edit('a', { name: 'paste', text: '\u001b[2Jb\u0000\u202e' }, 10)).toMatchObject({ text: 'ab' });
  });
});

describe('wrapping', () => {
  it.each([
    ['at spaces', 'one two three', 8, ['one two', 'three']],
    ['inside a word that is too long', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['and cuts the last line', 'one two three four', 8, ['one two', 'three', 'four']],
    ['not at all where it fits', 'one', 8, ['one']],
  ])('%s', (_, text, width, lines) => expect(wrapText(text, width, 3)).toEqual(lines));
});
