// Owns HTTP headers whose values may be secrets.
import type { FieldPath } from './problems.ts';
import type { ReportField, SecretEntry, Secrets } from './secrets.ts';

interface Place {
  readonly secrets: Secrets;
  readonly report: ReportField;
  readonly field: FieldPath;
}

/** The headers with their secrets filled in; one that cannot be filled is reported and left out. */
export const fillHeaders = async (
  given: Readonly<Record<string, SecretEntry>> | undefined,
  { secrets, report, field }: Place,
): Promise<Readonly<Record<string, string>>> => {
  const filled = await Promise.all(
    Object.entries(given ?? {}).map(async ([name, entry]) => ({
      name,
      value: await secrets.fill(entry, [...field, name], report),
    })),
  );
  return Object.fromEntries(filled.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])));
};
