// Owns what must fit together in watchdog.yaml: whom it names is known, each once.
import type { Finding } from '../describe-issue.ts';
import { asList, asMap, textsOf } from '../raw-value.ts';
import { found, noSuch } from './finding.ts';

export const watchdogFindings = (files: {
  readonly watchdog: unknown;
  readonly escalation: unknown;
  readonly notifications: unknown;
}): readonly Finding[] => {
  // A file that cannot be read may well have them.
  if (files.notifications === null || files.escalation === null) return [];
  const file = asMap(files.watchdog);
  const notifications = asMap(files.notifications);
  const contacts = [
    ...new Set([
      ...Object.keys(asMap(asMap(files.escalation).contacts)),
      ...Object.keys(asMap(notifications.contacts)),
      ...onLadders(files.escalation),
    ]),
  ];
  return [
    ...nameFindings(file.contacts, 'contacts', { kind: 'contact', known: contacts }),
    ...nameFindings(file.sinks, 'sinks', { kind: 'sink', known: Object.keys(asMap(notifications.sinks)) }),
  ];
};

const nameFindings = (
  names: unknown,
  field: string,
  { kind, known }: { readonly kind: string; readonly known: readonly string[] },
): readonly Finding[] => {
  const given = textsOf(names);
  return given.flatMap(({ text, index }) => {
    if (given.findIndex((other) => other.text === text) !== index)
      return [found([field, index], 'is given twice, expected each name once')];
    return known.includes(text) ? [] : [found([field, index], noSuch(kind, text, known))];
  });
};

const onLadders = (escalation: unknown): readonly string[] => {
  const file = asMap(escalation);
  return [file.escalation, ...Object.values(asMap(file.ladders))]
    .flatMap((matrix) => Object.values(asMap(matrix)))
    .flatMap((ladder) => Object.values(asMap(ladder)))
    .flatMap((level) => asList(level).filter((name) => typeof name === 'string'));
};
