// Owns the one table of keys: the footer, the help and docs/keys.md are read from it, and what is not possible says why.
import type { Binding, Place } from './binding.ts';
import {
  cardBindings,
  entryBindings,
  listBindings,
  menuBindings,
  paletteBindings,
  questionBindings,
} from './dialog-bindings.ts';
import { roomBindings } from './room-bindings.ts';
import { screenBindings } from './screen-bindings.ts';

export const bindings: readonly Binding[] = [
  ...roomBindings,
  ...cardBindings,
  ...questionBindings,
  ...menuBindings,
  ...entryBindings,
  ...paletteBindings,
  ...listBindings,
  ...screenBindings,
];

export const bindingsIn = (where: Place): readonly Binding[] => bindings.filter((binding) => binding.where === where);

export const bindingFor = (where: Place, key: string): Binding | undefined =>
  bindings.find((binding) => binding.where === where && binding.keys.includes(key));

export const placeTitles = {
  room: 'In the room',
  card: "On an action's card",
  question: 'At a question',
  menu: 'In a menu',
  entry: 'While writing',
  palette: 'Among all commands',
  list: 'On every other screen',
  services: 'On the screen of services',
  ledger: 'On the ledger',
  roles: 'On the screen of roles',
  silences: 'On the screen of silences',
} as const satisfies Partial<Record<Place, string>>;

export const places = Object.keys(placeTitles) as readonly (keyof typeof placeTitles)[];
