// Owns how a team's command becomes arguments: placeholders filled inside single ones, never split, and the line to show.
import { type Filling, filledText, missingIn } from './http-template.ts';

export type FilledRun =
  | { readonly ok: true; readonly argv: readonly [string, ...string[]] }
  | { readonly ok: false; readonly detail: string };

// Linux takes at most 128 KiB in one argument, its end mark included.
const LONGEST_ARGUMENT_BYTES = 128 * 1024 - 1;
const END_OF_OPTIONS = '--';

/** Fills each argument where it stands, or says what stands against it: a value must not become an option, nothing, or no text. */
export const filledRun = (run: readonly string[], filling: Filling): FilledRun => {
  const missing = missingIn(run, filling);
  if (missing.length > 0) return failed(`nothing is given for ${missing.join(', ')}`);
  const [program, ...rest] = run;
  if (program === undefined) return failed('there is no program to run');
  const empty = emptyIn(rest, filling);
  if (empty !== null) return failed(`param.${empty} is empty`);
  const endsOptions = rest.indexOf(END_OF_OPTIONS);
  const args: string[] = [];
  for (const [index, template] of rest.entries()) {
    const filled = filledText(template, filling);
    if (filled.includes('\0') || !filled.isWellFormed())
      return failed('a value cannot stand in a command: it is not text');
    if (Buffer.byteLength(filled) > LONGEST_ARGUMENT_BYTES) return failed('an argument would have more than 128 KiB');
    const isOption = becomesOption(template, filled) && (endsOptions === -1 || index < endsOptions);
    if (isOption) return failed('a value that begins with "-" would be taken for an option');
    args.push(filled);
  }
  return { ok: true, argv: [program, ...args] };
};

/** What a person or the world fills in begins an argument with "-": only a number may. */
const becomesOption = (template: string, filled: string): boolean =>
  !template.startsWith('-') && filled.startsWith('-') && !/^-\d[\d.]*$/.test(filled);

const emptyIn = (templates: readonly string[], filling: Filling): string | null =>
  Object.keys(filling.params).find(
    (name) => filling.params[name] === '' && templates.some((template) => template.includes(`{param.${name}}`)),
  ) ?? null;

/** The arguments as one line that a person can read, and paste into a shell. */
export const commandLine = (argv: readonly string[]): string => argv.map(quoted).join(' ');

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const failed = (detail: string): FilledRun => ({ ok: false, detail });
