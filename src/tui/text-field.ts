// Owns one-line text entry: what each key does to the text. The cursor stands at the end.
import type { Key } from './keys.ts';
import { neutralise } from './paint.ts';
import { graphemesOf } from './width.ts';

export type Edit =
  | { readonly name: 'text'; readonly text: string; readonly entered: boolean }
  | { readonly name: 'left' }
  | { readonly name: 'ignored' };

/** Text of several lines becomes one line; nothing gets in that would be left out where it is kept. */
const oneLine = (text: string, maxLength: number): string => neutralise(text.replace(/[\t\r\n]+/g, ' '), maxLength);

const typed = (text: string, added: string, maxLength: number): Edit => ({
  name: 'text',
  text: (text + oneLine(added, maxLength)).slice(0, maxLength),
  entered: false,
});

export const edit = (text: string, key: Key, maxLength: number): Edit => {
  switch (key.name) {
    case 'character':
      return typed(text, key.character, maxLength);
    case 'chunk': {
      // Over a slow link the last characters and Enter can arrive together; a marked paste never enters anything.
      const endsWithEnter = /[^\r\n]\r$/.test(key.text);
      const added = typed(text, endsWithEnter ? key.text.slice(0, -1) : key.text, maxLength);
      return added.name === 'text' ? { ...added, entered: endsWithEnter } : added;
    }
    case 'paste':
      return typed(text, key.text, maxLength);
    case 'enter':
      return { name: 'text', text, entered: true };
    case 'backspace':
      return { name: 'text', text: graphemesOf(text).slice(0, -1).join(''), entered: false };
    case 'ctrl-u':
      return { name: 'text', text: '', entered: false };
    case 'ctrl-w':
      return { name: 'text', text: text.trimEnd().replace(/\S+$/, ''), entered: false };
    case 'escape':
      return { name: 'left' };
    default:
      return { name: 'ignored' };
  }
};
