// Owns turning actions.yaml into what drivers perform and what policy asks before it.
import type { ActionPolicy } from '../../incident/policies/policy.ts';
import { SECOND } from '../../incident/time.ts';
import { fillHeaders } from './build-headers.ts';
import type { ActionProfile, ExecProfile, HttpCall, HttpProfile } from './config.ts';
import type { FieldPath } from './problems.ts';
import type { ActionEntry, ActionsFile, ExecActionEntry, HttpActionEntry } from './schema/actions.ts';
import type { ReportField, SecretEntry, Secrets } from './secrets.ts';

interface Parts {
  readonly secrets: Secrets;
  readonly report: ReportField;
}

export const buildActionPolicies = (file: ActionsFile): Readonly<Record<string, ActionPolicy>> =>
  Object.fromEntries(
    Object.entries(file.actions ?? {}).map(([name, entry]) => [
      name,
      { title: entry.title ?? name, confirm: entry.confirm ?? 'key', expiresAfterMs: entry.expires ?? null },
    ]),
  );

export const buildProfiles = async (
  file: ActionsFile,
  parts: Parts,
): Promise<Readonly<Record<string, ActionProfile>>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(file.actions ?? {}).map(
        async ([name, entry]) => [name, await profile(entry, ['actions', name], parts)] as const,
      ),
    ),
  );

const profile = (entry: ActionEntry, field: FieldPath, parts: Parts): Promise<ActionProfile> => {
  switch (entry.driver) {
    case 'http':
      return httpProfile(entry, field, parts);
    case 'exec':
      return execProfile(entry, field, parts);
    default:
      return entry satisfies never;
  }
};

const target = (entry: ActionEntry) => ({
  pointer: entry.pointer ?? '',
  set: entry.set,
  touches: entry.touches ?? [],
  timeoutMs: entry.timeout ?? 5 * SECOND,
});

const httpProfile = async (entry: HttpActionEntry, field: FieldPath, parts: Parts): Promise<HttpProfile> => {
  const [read, apply, undo] = await Promise.all([
    call({ method: 'GET', ...entry.read, body: null }, [...field, 'read'], parts),
    call({ method: 'PUT', body: '{after}', ...entry.apply }, [...field, 'apply'], parts),
    call({ method: 'PUT', body: '{before}', ...entry.undo }, [...field, 'undo'], parts),
  ]);
  const secrets = [
    ...secretHeaders(entry.read.headers, read.headers),
    ...secretHeaders(entry.apply.headers, apply.headers),
    ...secretHeaders(entry.undo.headers, undo.headers),
  ];
  return { driver: 'http', read, apply, undo, ...target(entry), secrets: [...new Set(secrets)] };
};

const CREDENTIAL = /auth|cookie|token|key|secret|password/i;

/** The values that came from elsewhere, or whose header has a name that says what it carries. */
const secretHeaders = (
  given: Readonly<Record<string, SecretEntry>> | undefined,
  filled: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.entries(filled).flatMap(([name, value]) =>
    isWrittenOut(given?.[name]) && !CREDENTIAL.test(name) ? [] : [value],
  );

interface CallEntry {
  readonly method?: string | undefined;
  readonly url: string;
  readonly headers?: Readonly<Record<string, SecretEntry>> | undefined;
  readonly body?: unknown;
}

const call = async (given: CallEntry, field: FieldPath, parts: Parts): Promise<HttpCall> => ({
  method: given.method ?? 'GET',
  url: given.url,
  headers: await fillHeaders(given.headers, { ...parts, field: [...field, 'headers'] }),
  body: given.body ?? null,
});

const execProfile = async (entry: ExecActionEntry, field: FieldPath, parts: Parts): Promise<ExecProfile> => {
  const given = entry.env ?? {};
  const env = await fillHeaders(given, { ...parts, field: [...field, 'env'] });
  const secrets = Object.entries(env).flatMap(([name, value]) => (isWrittenOut(given[name]) ? [] : [value]));
  return {
    driver: 'exec',
    read: { run: entry.read.run },
    apply: { run: entry.apply.run },
    undo: { run: entry.undo.run },
    ...target(entry),
    env,
    secrets,
  };
};

const isWrittenOut = (entry: SecretEntry | undefined): boolean => typeof entry === 'string' && !entry.includes('${');
