// Owns the keys of what lies over the room: cards, questions, menus, entries, lists.
import { boundIn } from './binding.ts';
import { asking } from './key-reasons.ts';

export const cardBindings = boundIn('card', [
  {
    id: 'confirm',
    keys: ['y'],
    label: 'confirm',
    title: 'confirm',
    consequence: 'does it; pressed alone, never part of a paste, not in the first 0.4 s',
    dangerous: true,
    disabledReason: asking(),
  },
  {
    id: 'arm',
    keys: ['A'],
    label: 'arm',
    title: 'arm',
    consequence: 'arms a plan that is not armed; everybody sees it',
    disabledReason: asking(),
  },
  {
    id: 'cancel',
    keys: ['x', 'Esc'],
    label: 'cancel',
    title: 'cancel',
    consequence: 'takes the arm away, nothing was done (Esc: only your own)',
    disabledReason: asking(),
  },
  {
    id: 'back',
    keys: ['h', 'q', 'Left'],
    label: 'back',
    title: 'back to the room',
    consequence: 'leaves the card, and the arm as it is',
  },
  {
    id: 'type-target',
    keys: ['Enter', 'Tab'],
    title: 'leave the name field',
    consequence: 'once the typed name matches; then y confirms',
  },
]);

export const questionBindings = boundIn('question', [
  {
    id: 'yes',
    keys: ['y'],
    label: 'yes',
    title: 'yes',
    consequence: 'does what the question says; pressed alone, not in the first 0.4 s',
    dangerous: true,
    disabledReason: asking(),
  },
  {
    id: 'no',
    keys: ['x', 'h', 'q', 'Esc', 'Left'],
    label: 'no',
    title: 'no',
    consequence: 'back to the room',
  },
]);

export const menuBindings = boundIn('menu', [
  {
    id: 'pick-number',
    keys: ['1-9', 'a-z'],
    title: 'pick by its key',
    consequence: 'the key stands before each choice',
  },
  {
    id: 'pick',
    keys: ['Enter'],
    label: 'pick',
    title: 'pick the marked one',
    consequence: 'j and k move the mark',
  },
  {
    id: 'dismiss',
    keys: ['q', 'h', 'Esc', 'Left'],
    label: 'back',
    title: 'back',
    consequence: 'nothing is picked',
  },
]);

export const entryBindings = boundIn('entry', [
  {
    id: 'send',
    keys: ['Enter'],
    label: 'send',
    title: 'send the text',
    consequence: 'pastes are taken as text, line breaks become spaces',
  },
  {
    id: 'erase',
    keys: ['Ctrl-U', 'Ctrl-W'],
    label: 'erase',
    title: 'erase all, or a word',
    consequence: '',
  },
  {
    id: 'discard',
    keys: ['Esc', 'Ctrl-C'],
    label: 'discard',
    title: 'leave without sending',
    consequence: 'the text is dropped',
  },
]);

export const paletteBindings = boundIn('palette', [
  {
    id: 'run',
    keys: ['Enter'],
    label: 'do it',
    title: 'do the marked one',
    consequence: 'as its own key would: what is dangerous still asks',
  },
  {
    id: 'scroll',
    keys: ['Up', 'Down', 'PgUp', 'PgDn'],
    label: 'move',
    title: 'move the mark',
    consequence: '',
  },
  {
    id: 'discard',
    keys: ['Esc', 'Ctrl-C'],
    label: 'back',
    title: 'back',
    consequence: 'nothing is done',
  },
]);

export const listBindings = boundIn('list', [
  {
    id: 'open',
    keys: ['Enter'],
    label: 'open',
    title: 'open the marked one',
    consequence: 'as the footer says',
  },
  {
    id: 'scroll',
    keys: ['j', 'k', 'Up', 'Down', 'PgUp', 'PgDn', 'Home', 'End'],
    label: 'scroll',
    title: 'scroll, move the mark',
    consequence: '',
  },
  {
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    title: 'filter',
    consequence: 'every word must be there, !word must not; Esc drops it',
  },
  {
    id: 'palette',
    keys: [':'],
    label: 'all',
    title: 'all commands',
    consequence: 'type a part of what you want',
  },
  {
    id: 'help',
    keys: ['?'],
    label: 'help',
    title: 'help',
    consequence: 'every key',
  },
  {
    id: 'shut',
    keys: ['q', 'h', 'Esc', 'Left'],
    label: 'back',
    title: 'back to the room',
    consequence: '',
  },
]);
