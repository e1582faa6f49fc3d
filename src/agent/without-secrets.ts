// Owns taking secrets out of words that somebody else wrote: as they are, and in the shapes in which they travel.
import { type SafeText, safeText } from '../incident/text.ts';

/** Shorter values are no secret, and would make holes in what is said. */
const SHORTEST = 4;
const LONGEST_READ = 10_000;
const HIDDEN = '***';

/** The words, harmless and at most `maxLength` long, with `***` in place of each secret. */
export const withoutSecrets = (words: string, secrets: readonly string[], maxLength: number): SafeText => {
  const shapes = shapesOf(secrets);
  // Made safe first: what is left out must not have held a secret apart.
  const said = safeText(words, LONGEST_READ);
  const shown = shapes.reduce((left, shape) => left.replaceAll(shape, HIDDEN), said);
  // Where it was cut, the beginning of a secret may stand.
  const [longest = ''] = shapes;
  const whole = said.length < LONGEST_READ ? shown : shown.slice(0, Math.max(0, shown.length - longest.length));
  return safeText(whole, maxLength);
};

/** Whether one of the secrets stands in a text, in any of its shapes. */
export const holdsSecret = (text: string, secrets: readonly string[]): boolean =>
  shapesOf(secrets).some((shape) => text.includes(shape));

/** Longest first: a part of a secret must not be hidden before the whole of it. */
const shapesOf = (secrets: readonly string[]): readonly string[] =>
  [...new Set(secrets.flatMap(partsOf).flatMap(shapesOfPart))]
    .filter((shape) => shape.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);

/** The whole, what follows a word such as `Bearer`, and what basic authentication packs away. */
const partsOf = (secret: string): readonly string[] => {
  const credentials = /^\S+[ \t]+(.+)$/.exec(secret)?.[1] ?? '';
  const login = /^Basic /i.test(secret) ? Buffer.from(credentials, 'base64').toString() : '';
  return [secret, credentials, login, login.slice(login.indexOf(':') + 1)].filter((part) => part.length >= SHORTEST);
};

const shapesOfPart = (part: string): readonly string[] => {
  const inUrl = encodeURIComponent(part.toWellFormed());
  return [
    part,
    safeText(part, LONGEST_READ),
    inUrl,
    inUrl.toLowerCase(),
    encodeURI(part.toWellFormed()),
    JSON.stringify(part).slice(1, -1),
    part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ...[0, 1, 2].flatMap((before) => inBase64(part, before)),
  ];
};

const SHORTEST_IN_BASE64 = 8;

/** The characters that stand for the part and nothing else, where `before` bytes (modulo 3) precede it in what was packed. */
const inBase64 = (part: string, before: number): readonly string[] => {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(part)]);
  const core = bytes.toString('base64').slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3));
  return core.length < SHORTEST_IN_BASE64 ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
};
