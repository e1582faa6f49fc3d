// Owns what a key press is: one character, a named key, or text that came at once and therefore is nobody's decision.
import { graphemesOf } from './width.ts';

export type NamedKey =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'ctrl-c'
  | 'ctrl-l'
  | 'ctrl-u'
  | 'ctrl-w';

export type Key =
  | { readonly name: 'character'; readonly character: string }
  /** Several characters in one read: a fast typist, a slow link, or a paste the terminal did not mark. */
  | { readonly name: 'chunk'; readonly text: string }
  | { readonly name: 'paste'; readonly text: string }
  | { readonly name: NamedKey };

/** What Ink says about one read. */
export interface InkKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

const named: readonly (readonly [keyof InkKey, NamedKey])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

const controls: Readonly<Record<string, NamedKey>> = { c: 'ctrl-c', l: 'ctrl-l', u: 'ctrl-u', w: 'ctrl-w' };

/** The key of one read, or null for one that means nothing here. */
export const keyFrom = (input: string, key: InkKey): Key | null => {
  // Escape and the next key in one read look like Alt and that key. Escape is the safe half: the other is dropped.
  if (key.escape || (key.meta && !key.return)) return { name: 'escape' };
  for (const [flag, name] of named) if (key[flag]) return { name };
  if (key.ctrl) {
    const name = controls[input];
    return name === undefined ? null : { name };
  }
  if (input === '') return null;
  if (/^[\u0000-\u001f\u007f]$/.test(input)) return null;
  return graphemesOf(input).length === 1 ? { name: 'character', character: input } : { name: 'chunk', text: input };
};

export type Motion = 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end';

const motionOf: Readonly<Record<string, Motion>> = {
  j: 'down',
  k: 'up',
  up: 'up',
  down: 'down',
  'page-up': 'page-up',
  'page-down': 'page-down',
  home: 'home',
  end: 'end',
};

/** The motions in a key press; a chunk made of motion keys only is all of them, any other chunk is none. */
export const motionsIn = (key: Key): readonly Motion[] => {
  if (key.name === 'paste') return [];
  const parts = key.name === 'character' ? [key.character] : key.name === 'chunk' ? graphemesOf(key.text) : [key.name];
  const motions = parts.map((part) => motionOf[part]);
  return motions.every((motion) => motion !== undefined) ? motions : [];
};
