// Owns what the palette shows: what is typed, and the commands it means, the best first.
import type { KeySituation } from '../../binding.ts';
import { type PaletteCommand, paletteCommands } from '../../palette/commands.ts';
import { search } from '../../palette/search.ts';

export interface PaletteModel {
  readonly text: string;
  readonly found: readonly Omit<PaletteCommand, 'run'>[];
  readonly cursor: number;
}

export const paletteModel = (
  situation: KeySituation,
  { text, cursor }: { readonly text: string; readonly cursor: number },
): PaletteModel => {
  const found = search(text, paletteCommands(situation));
  return { text, found, cursor: Math.max(0, Math.min(cursor, found.length - 1)) };
};
