// Owns what the help shows: every key from the one table, and why it is not possible now.
import type { Binding, KeySituation } from '../../binding.ts';
import { bindingsIn, places, placeTitles } from '../../keymap.ts';
import { type Leaving, leavingWords } from '../../leaving.ts';

export interface HelpModel {
  readonly sections: readonly { readonly title: string; readonly keys: readonly HelpLine[] }[];
  readonly top: number;
}

export interface HelpLine {
  readonly keys: string;
  readonly title: string;
  readonly consequence: string;
  readonly disabledReason: string | null;
}

export interface HelpMoment {
  readonly top: number;
  /** What leaving this terminal ends. */
  readonly ends: Leaving;
}

export const helpModel = (situation: KeySituation, { top, ends }: HelpMoment): HelpModel => ({
  sections: places.map((place) => ({
    title: placeTitles[place],
    keys: bindingsIn(place).map((binding) => helpLine(binding, ends, situation)),
  })),
  top,
});

const helpLine = (binding: Binding, ends: Leaving, situation: KeySituation): HelpLine => ({
  keys: binding.keys.length > 3 ? `${binding.keys.slice(0, 2).join(' ')} …` : binding.keys.join(' '),
  title: binding.title,
  consequence: binding.id === 'quit' ? leavingWords[ends].consequence : binding.consequence,
  disabledReason: binding.where === 'room' ? binding.disabledReason(situation) : null,
});
