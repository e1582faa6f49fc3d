// Owns what keys do on a screen of its own: moving, filtering, leaving, and handing the rest to the screen.
import type { Binding } from './binding.ts';
import { type OnScreen, onScreen } from './dialog.ts';
import { bindingFor } from './keymap.ts';
import { type Key, motionsIn } from './keys.ts';
import type { Screen, ScreenMoment } from './screens/screen.ts';
import { screens } from './screens/screens.ts';
import { edit } from './text-field.ts';
import {
  closed,
  hint,
  incidentOf,
  keySituation,
  moved,
  opened,
  type Situation,
  type Step,
  say,
  stay,
  type Ui,
} from './ui.ts';

interface Press {
  readonly key: Key;
  readonly situation: Situation;
}

const LONGEST_FILTER = 100;

export const pressOnScreen = (ui: Ui, on: OnScreen, press: Press): Step => {
  if (on.isFiltering) return pressInFilter(ui, on, press);
  const { key, situation } = press;
  const motions = motionsIn(key);
  if (motions.length > 0) {
    const moment = momentOf(ui, on, situation);
    const cursor = motions.reduce(mover(on, moment, situation), moment.cursor);
    return stay(changed(ui, on, { cursor, item: null }));
  }
  if (key.name === 'escape' && on.filter !== '') return stay(changed(ui, on, { filter: '' }));
  if (key.name === 'chunk') return hint(ui, 'several keys at once do nothing here: press one', situation);
  const name = key.name === 'character' ? key.character : keyNames[key.name];
  const binding = name === undefined ? undefined : (bindingFor(on.screen, name) ?? bindingFor('list', name));
  return binding === undefined ? stay(ui) : perform(ui, on, { binding, situation });
};

const keyNames: Readonly<Record<string, string>> = { enter: 'Enter', escape: 'Esc', left: 'Left', tab: 'Tab' };

export const momentOf = (ui: Ui, on: OnScreen, { view, now }: Pick<Situation, 'view' | 'now'>): ScreenMoment => {
  const { cursor, filter, subject, item } = on;
  const moment = { view, incident: incidentOf(ui, { view }), now, cursor, filter, subject, archive: ui.archive };
  if (item === null) return moment;
  const at = screens[on.screen].items(moment).indexOf(item);
  return at === -1 ? moment : { ...moment, cursor: at };
};

/** Holds the mark on the item it is on: a key must not hit what slid under it. */
export const withMarkHeld = (ui: Ui, situation: Situation): Ui => {
  const on = ui.dialog;
  if (on?.name !== 'screen' || on.item !== null) return ui;
  const items = screens[on.screen].items(momentOf(ui, on, situation));
  const cursor = Math.min(on.cursor, items.length - 1);
  const item = items[cursor];
  return item === undefined ? ui : { ...ui, dialog: { ...on, cursor, item } };
};

const changed = (ui: Ui, on: OnScreen, change: Partial<OnScreen>): Ui => ({
  ...ui,
  notice: null,
  dialog: { ...on, ...change },
});

const mover = (on: OnScreen, moment: ScreenMoment, situation: Situation) => {
  const count = screens[on.screen].items(moment).length;
  const bounds = { max: count > 0 ? count - 1 : situation.maxScroll, page: situation.page };
  return (at: number, motion: string): number => moved(at, motion, bounds);
};

/** The filter works while it is written; Enter keeps it, Esc drops it. */
const pressInFilter = (ui: Ui, on: OnScreen, { key }: Press): Step => {
  const edited = edit(on.filter, key, LONGEST_FILTER);
  switch (edited.name) {
    case 'text':
      return stay(changed(ui, on, { filter: edited.text, isFiltering: !edited.entered, cursor: 0, item: null }));
    case 'left':
      return stay(changed(ui, on, { filter: '', isFiltering: false }));
    case 'ignored':
      return stay(ui);
    default:
      return edited satisfies never;
  }
};

const perform = (
  ui: Ui,
  on: OnScreen,
  { binding, situation }: { readonly binding: Binding; readonly situation: Situation },
): Step => {
  switch (binding.id) {
    case 'shut':
      // A chart was opened from the list of services: one step back.
      return stay(on.screen === 'signals' ? opened(ui, onScreen('services')) : closed(ui));
    case 'filter':
      return stay(changed(ui, on, { isFiltering: true }));
    case 'palette':
      return stay(opened(ui, { name: 'palette', text: '', cursor: 0 }));
    case 'help':
      return stay(opened(ui, { name: 'help', top: 0 }));
    default: {
      const reason = binding.disabledReason(keySituation(ui, situation));
      if (reason !== null) return stay(say(ui, 'refused', `${binding.title}: ${reason}`, situation));
      const screen: Screen = screens[on.screen];
      const moment = momentOf(ui, on, situation);
      const items = screen.items(moment);
      if (on.item !== null && !items.includes(on.item))
        return hint(
          { ...ui, dialog: { ...on, item: null } },
          'the marked one left the list: look, then press again',
          situation,
        );
      const item = items[Math.min(moment.cursor, items.length - 1)] ?? null;
      return screen.press(ui, { id: binding.id, on, item, situation });
    }
  }
};
