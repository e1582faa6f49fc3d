// Owns how an examination says what it found: how it stands, in a sentence, and what to do about it.
import { type SafeText, safeText } from '../../incident/text.ts';

/** What a finding is about; the order in which they are told. */
export const EXAMINED = [
  'node',
  'terminal',
  'configuration',
  'services',
  'prometheus',
  'clock',
  'signals',
  'scrape',
  'checks',
  'actions',
  'contacts',
  'ladders',
  'sinks',
  'mail',
  'slack',
  'server',
  'state',
  'disk',
  'journal',
  'agent',
] as const;

export type Examined = (typeof EXAMINED)[number];

/** `fail`: something the team relies on does not work. `warn`: it works, and somebody should know. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly about: Examined;
  readonly what: SafeText;
  /** Null where there is nothing to do. */
  readonly fix: SafeText | null;
}

export const fine = (about: Examined, what: string): Finding => finding('ok', about, { what, fix: null });

export const warning = (about: Examined, what: string, fix: string): Finding => finding('warn', about, { what, fix });

export const failure = (about: Examined, what: string, fix: string): Finding => finding('fail', about, { what, fix });

const finding = (
  state: Finding['state'],
  about: Examined,
  { what, fix }: { readonly what: string; readonly fix: string | null },
): Finding => ({ state, about, what: safeText(what, 500), fix: fix === null ? null : safeText(fix, 500) });

const MOST_NAMED = 8;

/** `a, b and 3 more`. */
export const namesOf = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
