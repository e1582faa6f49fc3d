// Owns the one table of keys: the footer, the help and docs/keys.md are read from it, and what is not possible says why.
import type { Binding, Place } from './binding.ts';
import { cardBindings, entryBindings, listBindings, menuBindings, questionBindings } from './dialog-bindings.ts';
import { roomBindings } from './room-bindings.ts';

export const bindings: readonly Binding[] = [
  ...roomBindings,
  ...cardBindings,
  ...questionBindings,
  ...menuBindings,
  ...entryBindings,
  ...listBindings,
];

export const bindingsIn = (where: Place): readonly Binding[] => bindings.filter((binding) => binding.where === where);

export const bindingFor = (where: Place, key: string): Binding | undefined =>
  bindings.find((binding) => binding.where === where && binding.keys.includes(key));

export const placeTitles: Readonly<Record<Place, string>> = {
  room: 'In the room',
  card: "On an action's card",
  question: 'At a question',
  menu: 'In a menu',
  entry: 'While writing',
  list: 'In lists and help',
};

export const places = Object.keys(placeTitles) as readonly Place[];
