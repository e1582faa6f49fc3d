// Owns turning alerts.yaml into alert sources: three are always there, a team adapts them and adds its own.
import { OUR_MAPPING } from '../alerts/generic.ts';
import type { AlertMapping, AlertSource } from './config.ts';
import type { FieldPath } from './problems.ts';
import { type AlertMappingEntry, type AlertSourceEntry, type AlertsFile, KINDS } from './schema/alerts.ts';
import type { ReportField } from './secrets.ts';

type Kind = AlertSource['kind'];

/** Every source by the name in its path. What does not fit together is reported. */
export const buildAlertSources = (file: AlertsFile, report: ReportField): Readonly<Record<string, AlertSource>> => {
  const builtIn = KINDS.map((kind): [string, AlertSource] => [kind, alertSource(kind, { kind, entry: {} })]);
  const written = Object.entries(file.sources ?? {}).flatMap(([name, given]): [string, AlertSource][] => {
    const entry = given ?? {};
    const field = ['sources', name];
    const kind = kindOf(name, entry.kind, { field, report });
    if (kind === null) return [];
    reportUnread(kind, entry, { field, report });
    return [[name, alertSource(name, { kind, entry })]];
  });
  return Object.fromEntries([...builtIn, ...written]);
};

interface Place {
  readonly field: FieldPath;
  readonly report: ReportField;
}

const kindOf = (name: string, given: Kind | undefined, { field, report }: Place): Kind | null => {
  const builtIn = KINDS.find((kind) => kind === name) ?? null;
  if (builtIn !== null && given !== undefined && given !== builtIn) {
    report([...field, 'kind'], `is ${given}, expected ${builtIn}: give a source of another kind another name`);
  }
  if (builtIn === null && given === undefined) {
    report(field, `has no kind, expected one of ${KINDS.join(', ')}`, 'key');
  }
  return builtIn ?? given ?? null;
};

/** A field nobody reads is a mapping nobody follows. */
const reportUnread = (kind: Kind, entry: AlertSourceEntry, { field, report }: Place): void => {
  const unread = kind === 'generic' ? (['serviceLabels', 'severityLabels'] as const) : (['mapping'] as const);
  const instead = kind === 'generic' ? 'mapping' : 'serviceLabels, severityLabels and severities';
  for (const name of unread) {
    if (entry[name] !== undefined)
      report([...field, name], `is not read from a source of kind ${kind}, expected ${instead}`, 'key');
  }
  const seen = new Set<string>();
  for (const word of Object.keys(entry.severities ?? {})) {
    if (seen.has(word.toLowerCase()))
      report([...field, 'severities', word], 'is given twice: upper and lower case are the same', 'key');
    seen.add(word.toLowerCase());
  }
};

const alertSource = (
  name: string,
  { kind, entry }: { readonly kind: Kind; readonly entry: AlertSourceEntry },
): AlertSource => ({
  name,
  kind,
  serviceLabels: entry.serviceLabels ?? ['service', 'job', 'app'],
  severityLabels: entry.severityLabels ?? ['severity', 'priority'],
  severities: Object.fromEntries(
    Object.entries(entry.severities ?? {}).map(([word, severity]) => [word.toLowerCase(), severity]),
  ),
  defaultService: entry.defaultService ?? null,
  mapping: kind === 'generic' ? mappingOf(entry.mapping) : null,
});

const mappingOf = (entry: AlertMappingEntry | undefined): AlertMapping =>
  entry === undefined
    ? OUR_MAPPING
    : {
        alerts: entry.alerts ?? null,
        service: entry.service ?? null,
        severity: entry.severity ?? null,
        message: entry.message,
        fingerprint: entry.fingerprint ?? null,
        status: entry.status ?? null,
      };
