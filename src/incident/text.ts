// Owns the making of safe text: the only way words from outside become words we store or draw.

declare const safe: unique symbol;

/** Text without terminal escapes, control, bidi or invisible characters, and of bounded length. */
export type SafeText = string & { readonly [safe]: true };

// A string sequence (OSC, DCS, SOS, PM, APC) runs to its terminator; an unterminated one swallows the rest, as a terminal would.
const STRING_SEQUENCES = /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[\s\S]*?(?:\u0007|\u001b\\|\u009c|$)/g;
const CONTROL_SEQUENCES = /(?:\u001b\[|\u009b)[\u0020-\u003f]*[\u0040-\u007e]?/g;
const SHORT_ESCAPES = /\u001b[\u0020-\u002f]*[\u0030-\u007e]?/g;
const SPACING = /[\t\r\n\u000b\u000c\u0085\u2028\u2029]+/g;
// Controls, formats (bidi, tags, joiners), what is drawn as nothing (the blank of braille too), and code points that are no characters. Skin tones as well: they
// are no characters of their own, and terminals do not agree on their width.
const UNSEEN =
  '\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u2800\\u{1f3fb}-\\u{1f3ff}';
const PLAIN_ASCII = /^[\u0020-\u007e]*$/;
const SUSPECT = new RegExp(`[${UNSEEN}]`, 'u');
const INVISIBLE = new RegExp(SUSPECT, 'gu');
const LONE_SURROGATES = /\p{Surrogate}/gu;
// Zalgo: more than four combining marks on one letter grow over the neighbouring rows of some terminals.
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Takes any text; returns one line that is safe to store and to draw, at most `maxLength` characters (an ellipsis marks a cut). */
export const safeText = (raw: string, maxLength = 500): SafeText => {
  if (raw.length <= maxLength && PLAIN_ASCII.test(raw)) return raw.trim() as SafeText;
  // Cut first: no pattern below ever sees more than a bounded stretch of what a stranger sent.
  const bounded = raw.length > maxLength * 4 ? raw.slice(0, maxLength * 4) : raw;
  const cleaned = SUSPECT.test(bounded)
    ? bounded
        .replace(STRING_SEQUENCES, '')
        .replace(CONTROL_SEQUENCES, '')
        .replace(SHORT_ESCAPES, '')
        .replace(SPACING, ' ')
        .replace(INVISIBLE, '')
    : bounded;
  const sound = cleaned.replace(LONE_SURROGATES, '\ufffd').replace(STACKED_MARKS, '$1').trim();
  const cut = sound.length > maxLength || bounded.length < raw.length;
  return (cut ? `${wholeCharacters(sound, maxLength - 1)}…` : sound) as SafeText;
};

/**
 * A value as one line of JSON in which nothing steers a terminal: what safe text leaves out is escaped here, so that a program
 * reads the value unchanged.
 */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value).replace(INVISIBLE, (found) => found.split('').map(escaped).join(''));

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const wholeCharacters = (text: string, length: number): string => {
  const lastUnit = text.charCodeAt(length - 1);
  const endsInsidePair = lastUnit >= 0xd800 && lastUnit <= 0xdbff;
  return text.slice(0, endsInsidePair ? length - 1 : length);
};
