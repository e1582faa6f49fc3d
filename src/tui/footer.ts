// Owns the last row: which keys are worth showing now.
import type { Binding, BindingId, KeySituation, Place } from './binding.ts';
import type { Dialog, OnScreen } from './dialog.ts';
import type { FrameMoment } from './frame.ts';
import { connectionReason } from './key-reasons.ts';
import { bindingsIn } from './keymap.ts';
import { type Row, segment } from './row.ts';
import { screens } from './screens/screens.ts';
import { conflictedUndoOf, findAction } from './select.ts';
import { keySituation, type Ui } from './ui.ts';
import { cutRow, widthOfRow } from './width.ts';

const placeOf = (dialog: Dialog | null): Place => {
  if (dialog === null) return 'room';
  switch (dialog.name) {
    case 'card':
      return dialog.isTyping ? 'entry' : 'card';
    case 'ask':
      return 'question';
    case 'menu':
      return 'menu';
    case 'palette':
      return 'palette';
    case 'entry':
      return 'entry';
    case 'screen':
      return dialog.isFiltering ? 'entry' : 'list';
    case 'help':
      return 'list';
    default:
      return dialog satisfies never;
  }
};

/** The keys that are possible now, as many as fit; help and quit always. */
export const footer = ({ view, ui, now }: FrameMoment, width: number): Row => {
  const situation = keySituation(ui, { view, now });
  const possible = footerKeys(ui, situation);
  const stale = connectionReason(situation);
  const front: Row =
    stale !== null && ui.dialog === null ? [segment(' only looking', 'warn'), segment('  ')] : [segment(' ')];
  const fixed = possible.filter(({ key }) => key === ':' || key === '?' || key === 'q');
  const wanted = [...possible.filter((one) => !fixed.includes(one)), ...fixed];
  return cutRow(fitting([front, ...wanted.map(keyWords)], { width, last: fixed.length }), width);
};

interface FooterKey {
  readonly key: string;
  readonly label: string;
}

const keyWords = ({ key, label }: FooterKey): Row => [segment(key, 'key'), segment(` ${label}  `)];

const footerKeys = (ui: Ui, situation: KeySituation): readonly FooterKey[] => {
  const { dialog } = ui;
  if (dialog?.name === 'card') return cardKeys(ui, situation);
  if (dialog?.name === 'screen') return dialog.isFiltering ? filterKeys : screenKeys(dialog, situation);
  return bindingsIn(placeOf(dialog))
    .filter((binding) => binding.label !== '' && binding.disabledReason(situation) === null)
    .filter((binding) => !(dialog?.name === 'help' && !HELP_KEYS.has(binding.id)))
    .map(footerKey);
};

const HELP_KEYS: ReadonlySet<BindingId> = new Set(['scroll', 'shut']);

const footerKey = ({ id, keys, label }: Binding): FooterKey => ({
  key: id === 'scroll' ? keys.slice(0, 2).join(' ') : (keys[0] ?? ''),
  label,
});

const filterKeys: readonly FooterKey[] = [
  { key: 'Enter', label: 'keep' },
  { key: 'Esc', label: 'drop' },
  { key: 'Ctrl-U', label: 'erase' },
];

/** What Enter does here first, then the screen's own keys, then those of every list. */
const screenKeys = (on: OnScreen, situation: KeySituation): readonly FooterKey[] => {
  const { enter } = screens[on.screen];
  const own = bindingsIn(on.screen).filter((binding) => binding.disabledReason(situation) === null);
  const shared = bindingsIn('list').filter((binding) => binding.id !== 'open');
  return [...(enter === null ? [] : [{ key: 'Enter', label: enter }]), ...[...own, ...shared].map(footerKey)];
};

const cardKeys = (ui: Ui, { view }: KeySituation): readonly FooterKey[] => {
  if (ui.dialog?.name !== 'card') return [];
  const action = findAction(view.room, ui.dialog.action);
  const state = action?.state.name ?? 'requested';
  const waitsForAnother =
    action?.confirm === 'two-person' && action.state.name === 'armed' && action.state.by === view.me;
  const back = { key: 'h', label: 'back' };
  const cancel = { key: 'x', label: 'cancel' };
  if (ui.dialog.isTyping)
    return [
      { key: 'Enter', label: 'leaves the name' },
      { key: 'Esc', label: 'cancel' },
      { key: 'Ctrl-U', label: 'erase' },
    ];
  if (state === 'armed') return waitsForAnother ? [cancel, back] : [{ key: 'y', label: 'confirm' }, cancel, back];
  if (state === 'planned') return [{ key: 'A', label: 'arm' }, cancel, back];
  if (state === 'requested') return [cancel, back];
  if (action !== null && conflictedUndoOf(action) !== null) return [{ key: 'u', label: 'try again' }, back];
  return state === 'applied' || state === 'unknown' ? [{ key: 'u', label: 'undo' }, back] : [back];
};

/** Leaves out from the middle what does not fit: the last ones, help and quit, are always there. */
const fitting = (parts: readonly Row[], { width, last }: { readonly width: number; readonly last: number }): Row => {
  const ending = last === 0 ? [] : parts.slice(-last);
  let left = width + 2 - ending.reduce((sum, part) => sum + widthOfRow(part), 0);
  const kept: Row[] = [];
  for (const part of parts.slice(0, parts.length - last)) {
    left -= widthOfRow(part);
    if (left < 0) break;
    kept.push(part);
  }
  const row = [...kept, ...ending].flat();
  return row.map((part, index) => (index === row.length - 1 ? { ...part, text: part.text.trimEnd() } : part));
};
