// Owns what keys do in the palette: letters search, arrows move the mark, Enter does the marked one.
import type { Dialog } from '../dialog.ts';
import type { Key } from '../keys.ts';
import { edit } from '../text-field.ts';
import { back, keySituation, moved, type Situation, type Step, say, stay, type Ui } from '../ui.ts';
import { paletteCommands } from './commands.ts';
import { search } from './search.ts';

type Palette = Extract<Dialog, { readonly name: 'palette' }>;

const LONGEST = 100;
const MOTIONS: ReadonlySet<string> = new Set(['up', 'down', 'page-up', 'page-down']);

export const pressInPalette = (
  ui: Ui,
  palette: Palette,
  { key, situation }: { readonly key: Key; readonly situation: Situation },
): Step => {
  if (MOTIONS.has(key.name)) {
    const found = search(palette.text, paletteCommands(keySituation(ui, situation)));
    const bounds = { max: Math.max(0, found.length - 1), page: situation.page };
    return stay({ ...ui, notice: null, dialog: { ...palette, cursor: moved(palette.cursor, key.name, bounds) } });
  }
  // Leaving on the way back out of an empty line, as a prompt does.
  if (key.name === 'backspace' && palette.text === '') return stay(back(ui));
  const edited = edit(palette.text, key, LONGEST);
  switch (edited.name) {
    case 'text':
      return edited.entered
        ? run(ui, { ...palette, text: edited.text }, situation)
        : stay({ ...ui, notice: null, dialog: { ...palette, text: edited.text, cursor: 0 } });
    case 'left':
      return stay(back(ui));
    case 'ignored':
      return stay(ui);
    default:
      return edited satisfies never;
  }
};

const run = (ui: Ui, palette: Palette, situation: Situation): Step => {
  const found = search(palette.text, paletteCommands(keySituation(ui, situation)));
  const command = found[Math.min(palette.cursor, found.length - 1)];
  if (command === undefined) return stay(say(ui, 'hint', 'no command is called that', situation));
  if (command.disabledReason !== null)
    return stay(say(ui, 'refused', `${command.words}: ${command.disabledReason}`, situation));
  return command.run(ui, situation);
};
