// Owns turning actions.yaml into what drivers perform and what policy asks before it.
import type { ActionPolicy } from '../../incident/policies/policy.ts';
import { SECOND } from '../../incident/time.ts';
import { fillHeaders } from './build-headers.ts';
import type { ActionProfile, HttpCall } from './config.ts';
import type { FieldPath } from './problems.ts';
import type { ActionEntry, ActionsFile } from './schema/actions.ts';
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

const profile = async (entry: ActionEntry, field: FieldPath, parts: Parts): Promise<ActionProfile> => {
  const [read, apply, undo] = await Promise.all([
    call({ method: 'GET', ...entry.read, body: null }, [...field, 'read'], parts),
    call({ method: 'PUT', body: '{after}', ...entry.apply }, [...field, 'apply'], parts),
    call({ method: 'PUT', body: '{before}', ...entry.undo }, [...field, 'undo'], parts),
  ]);
  return {
    driver: entry.driver,
    read,
    apply,
    undo,
    pointer: entry.pointer ?? '',
    set: entry.set,
    touches: entry.touches ?? [],
    timeoutMs: entry.timeout ?? 5 * SECOND,
  };
};

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
