// Owns filling in secrets: `${NAME}` from the environment and `{file: path}`. A secret itself is in no message.
import { resolve } from 'node:path';
import type { FieldPath } from './problems.ts';
import { asList, asMap } from './raw-value.ts';

export type SecretEntry = string | { readonly file: string };

export interface SecretPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths begin. */
  readonly directory: string;
  readonly readFile: (path: string) => Promise<Uint8Array>;
}

export type ReportField = (field: FieldPath, message: string, part?: 'key' | 'value') => void;

export interface Secrets {
  /** The text with its secrets filled in; null after telling `report` why not. */
  fill(entry: SecretEntry, field: FieldPath, report: ReportField): Promise<string | null>;
}

const LARGEST_SECRET_BYTES = 64 * 1024;
const VARIABLE = /\$\{([^}]*)\}/g;
// What HTTP lets stand in a header: visible Latin-1, spaces and tabs.
const SENDABLE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

export const createSecrets = (places: SecretPlaces): Secrets => ({
  fill: async (entry, field, report) => {
    const explain = (message: string): void => report(field, message);
    const filled =
      typeof entry === 'string' ? fromEnvironment(entry, places, explain) : await fromFile(entry.file, places, explain);
    if (filled === null || SENDABLE.test(filled)) return filled;
    explain('holds a line break or a character that cannot be sent');
    return null;
  },
});

const fromEnvironment = (text: string, { env }: SecretPlaces, explain: (message: string) => void): string | null => {
  const missing = [...text.matchAll(VARIABLE)]
    .map(([, name = '']) => name)
    .filter((name) => !Object.hasOwn(env, name) || env[name] === '');
  for (const name of new Set(missing))
    explain(`the environment variable ${name === '' ? 'without a name' : name} is not set`);
  return missing.length > 0 ? null : text.replace(VARIABLE, (_, name: string) => env[name] ?? '');
};

const fromFile = async (
  path: string,
  places: SecretPlaces,
  explain: (message: string) => void,
): Promise<string | null> => {
  const problem = (message: string): null => {
    explain(`the file ${path} ${message}`);
    return null;
  };
  try {
    const bytes = await places.readFile(resolve(places.directory, path));
    if (bytes.length > LARGEST_SECRET_BYTES) return problem('has more than 64 KiB, expected a secret');
    const text = new TextDecoder().decode(bytes).replace(/\r?\n$/, '');
    return text === '' ? problem('is empty, expected a secret') : text;
  } catch (error) {
    return problem(`cannot be read: ${reasonOf(error)}`);
  }
};

/** The system's short word for why a file cannot be read. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : 'unknown reason';
};

const SECRET_FIELDS = ['headers', 'env', 'webhook', 'slackWebhook', 'password', 'heartbeat'];

/** Tries every secret of a value that is not checked yet, for the sake of what is reported. */
export const reportSecrets = async (value: unknown, secrets: Secrets, report: ReportField): Promise<void> => {
  for (const { entry, field } of secretsIn(value, [])) await secrets.fill(entry, field, report);
};

const secretsIn = (
  value: unknown,
  field: FieldPath,
): readonly { readonly entry: SecretEntry; readonly field: FieldPath }[] => {
  const { file } = asMap(value);
  const isSecret = field.some((step) => SECRET_FIELDS.includes(String(step)));
  if (isSecret && typeof value === 'string') return [{ entry: value, field }];
  if (isSecret && typeof file === 'string') return [{ entry: { file }, field }];
  return [
    ...Object.entries(asMap(value)).flatMap(([name, inner]) => secretsIn(inner, [...field, name])),
    ...asList(value).flatMap((inner, index) => secretsIn(inner, [...field, index])),
  ];
};
