// Owns the kinds of fields a configuration has. Each says, as its error, what it expected; the reader adds what was there.
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { parseDuration } from '../../../incident/duration.ts';
import { HOUR } from '../../../incident/time.ts';
import { parseSelector } from '../../sources/selector.ts';

/** Begins the error of an object with an unknown field; the fields it knows follow. */
export const KNOWN_FIELDS = 'known fields: ';

/** A map with exactly these fields. */
export const fields = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${KNOWN_FIELDS}${Object.keys(shape).join(', ')}`
        : `expected a map of ${Object.keys(shape).join(', ')}`,
  });

/** A map from names the team chooses to values of one kind. */
export const named = <Value extends z.core.$ZodType>(what: string, value: Value) => {
  const expected = `expected ${what}: letters, digits, ".", "_" and "-", at most 63`;
  const key = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: expected }));
  return z.record(key, value, {
    error: (issue) => (issue.code === 'invalid_key' ? expected : `expected a map by ${what}`),
  });
};

export const listOf = <Item extends z.core.$ZodType>(item: Item, expected: string) =>
  z.array(item, { error: expected });

export const flag = z.boolean({ error: 'expected true or false' });

/** One line of text. */
export const text = (what: string) => {
  const error = `expected ${what}, up to 500 characters of text`;
  return z.string({ error }).check(z.regex(/^[^\p{Cc}\u2028\u2029]{1,500}$/u, { error }));
};

export const count = (bounds: { readonly least: number; readonly most: number }) => {
  const error = `expected a whole number from ${bounds.least} to ${bounds.most}`;
  return z.number({ error }).check(z.int({ error }), z.gte(bounds.least, { error }), z.lte(bounds.most, { error }));
};

export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `expected one of ${words.join(', ')}` });

/** A field that checks its text further and becomes something else. */
const read = <Result>(expected: string, parse: (given: string) => Result | null) =>
  z.pipe(
    z.string({ error: expected }),
    z.transform((given: string, context): Result => {
      const result = given.length > 2_000 ? null : parse(given);
      if (result !== null) return result;
      context.issues.push({ code: 'custom', message: expected, input: given });
      return z.NEVER;
    }),
  );

/** A length of time, in milliseconds once read. */
export const duration = (bounds: { readonly leastMs: number; readonly mostMs: number; readonly example: string }) =>
  read(
    `expected a duration such as ${bounds.example}, from ${spoken(bounds.leastMs)} to ${spoken(bounds.mostMs)}`,
    (given) => {
      const ms = parseDuration(given);
      return ms !== null && ms >= bounds.leastMs && ms <= bounds.mostMs ? ms : null;
    },
  );

const spoken = (ms: number): string => {
  if (ms % (24 * HOUR) === 0 && ms > 0) return `${ms / (24 * HOUR)}d`;
  if (ms % HOUR === 0 && ms > 0) return `${ms / HOUR}h`;
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
};

const AN_ADDRESS = 'expected an http:// or https:// address without a name and password (secrets belong in headers)';

/** Whether a text is an address that `fetch` takes: no credentials, and no `${…}` that nobody would fill in. */
export const isAddress = (given: string): boolean => {
  if (given.includes('${') || /[\s\p{Cc}]/u.test(given) || !URL.canParse(given)) return false;
  const url = new URL(given);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
};

export const address = read(AN_ADDRESS, (given) => (isAddress(given) ? given : null));

const PLACEHOLDER = /\{(?:service|param\.[A-Za-z][\w-]{0,62})\}/g;

/** An address in which `{service}` and `{param.NAME}` are filled in later. */
export const addressTemplate = read(`${AN_ADDRESS}, in which {service} and {param.NAME} may stand`, (given) => {
  const filled = given.replace(PLACEHOLDER, 'x');
  return !/[{}]/.test(filled) && isAddress(filled) ? given : null;
});

export const hostAndPort = read('expected a host and a port such as db.internal:5432', (given) => {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})$/.exec(given) ?? [];
  const port = Number(digits);
  const host = bracketed ?? plain;
  return host === undefined || !(port >= 1 && port <= 65_535) ? null : { host, port };
});

export const labelName = read(
  'expected the name of a metric label: letters, digits and "_", not beginning with a digit',
  (given) => (/^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/.test(given) ? given : null),
);

/** A metric selector; a `null` in its place switches that signal off. */
export const selector = z.nullable(
  read(
    'expected a metric such as http_requests_total{status=~"5.."} without functions or [5m], or null for none',
    (given) => (parseSelector(given).ok ? given : null),
  ),
);

export const zone = read('expected a time zone such as Europe/Berlin or UTC', (given) => {
  try {
    // An offset such as +02:00 is no zone: it knows nothing of summer time.
    if (/^[+-]/.test(given)) return null;
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(given).timeZoneId;
  } catch {
    return null; // the only way the library answers "no such zone"
  }
});

export const localDate = read('expected a date such as 2026-12-25', (given) => {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(given) ? Temporal.PlainDate.from(given, { overflow: 'reject' }).toString() : null;
  } catch {
    return null; // the only way the library answers "no such day"
  }
});

export const wallTime = read('expected a time of day such as 09:00, up to 24:00', (given) =>
  /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.test(given) ? given : null,
);

/** A text, or where to find it: `${NAME}` from the environment, `{file: path}` from a file. */
export const secret = z.union([z.string(), z.strictObject({ file: z.string().check(z.minLength(1)) })], {
  error: `expected text, \${NAME} from the environment, or {file: path}`,
});

/** HTTP headers. */
export const headers = z.record(z.string().check(z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/)), secret, {
  error: (issue) =>
    issue.code === 'invalid_key' ? 'expected the name of an HTTP header' : 'expected a map of HTTP headers',
});
