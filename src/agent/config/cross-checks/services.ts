// Owns what must fit together in services.yaml, and between it and the actions and ladders it names.

import { parseDuration } from '../../../incident/duration.ts';
import { SECOND } from '../../../incident/time.ts';
import { parseSelector } from '../../sources/selector.ts';
import { DEFAULT_SELECTORS } from '../default-selectors.ts';
import type { Finding } from '../describe-issue.ts';
import type { FieldPath } from '../problems.ts';
import { asList, asMap, textsOf } from '../raw-value.ts';
import { found, noSuch } from './finding.ts';

/** The names there are; null where their file could not be read, and any name may be right. */
interface Named {
  readonly services: readonly string[];
  readonly actions: readonly string[] | null;
  readonly ladders: readonly string[] | null;
}

type Raw = Readonly<Record<string, unknown>>;

export const servicesFindings = (files: {
  readonly services: unknown;
  readonly actions: unknown;
  readonly escalation: unknown;
}): readonly Finding[] => {
  const file = asMap(files.services);
  const services = asMap(file.services);
  const defaults = asMap(file.defaults);
  const known: Named = {
    services: Object.keys(services),
    actions: files.actions === null ? null : Object.keys(asMap(asMap(files.actions).actions)),
    ladders: files.escalation === null ? null : ['default', ...Object.keys(asMap(asMap(files.escalation).ladders))],
  };
  return [
    ...windowFindings(asMap(defaults.scrape)),
    ...selectorFindings({}, { given: defaults, field: ['defaults'] }),
    ...known.services.flatMap((name) => {
      const given = asMap(services[name]);
      const field = ['services', name];
      return [
        ...namesFindings(name, given, known),
        ...selectorFindings(defaults, { given, field }),
        ...checkFindings(asList(given.checks), [...field, 'checks']),
      ];
    }),
  ];
};

const namesFindings = (service: string, given: Raw, known: Named): readonly Finding[] => {
  const field = ['services', service];
  const { actions, ladders } = known;
  const { escalation } = given;
  return [
    ...textsOf(given.dependsOn).flatMap(({ text, index }) => {
      if (text === service)
        return [found([...field, 'dependsOn', index], 'names the service itself, expected another service')];
      return known.services.includes(text)
        ? []
        : [found([...field, 'dependsOn', index], noSuch('service', text, known.services))];
    }),
    ...textsOf(given.actions).flatMap(({ text, index }) =>
      actions === null || actions.includes(text)
        ? []
        : [found([...field, 'actions', index], noSuch('action', text, actions))],
    ),
    ...(typeof escalation !== 'string' || ladders === null || ladders.includes(escalation)
      ? []
      : [found([...field, 'escalation'], noSuch('ladder', escalation, ladders))]),
  ];
};

/** A rate needs two scrapes inside its window. */
const windowFindings = (scrape: Raw): readonly Finding[] => {
  const windowMs = typeof scrape.window === 'string' ? parseDuration(scrape.window) : null;
  const everyMs = typeof scrape.every === 'string' ? parseDuration(scrape.every) : SECOND;
  if (windowMs === null || everyMs === null || windowMs >= 2 * everyMs) return [];
  return [found(['defaults', 'scrape', 'window'], 'is too short for two scrapes, expected at least twice `every`')];
};

/** Errors of one metric over requests of another are no ratio: who renames one says what the other is. */
const selectorFindings = (
  outer: Raw,
  { given, field }: { readonly given: Raw; readonly field: FieldPath },
): readonly Finding[] => {
  const others = { requests: 'errors', errors: 'requests' } as const;
  return (['requests', 'errors'] as const).flatMap((name) => {
    const other = others[name];
    const isAlone = given[name] !== undefined && given[other] === undefined && outer[other] === undefined;
    const metric = metricOf(given[name]);
    if (!isAlone || metric === null || metric === metricOf(DEFAULT_SELECTORS[other])) return [];
    return [
      found(
        [...field, name],
        `stands alone, expected \`${other}:\` beside it (its default is ${DEFAULT_SELECTORS[other]})`,
      ),
    ];
  });
};

const metricOf = (selector: unknown): string | null => {
  const parsed = typeof selector === 'string' ? parseSelector(selector) : null;
  return parsed?.ok ? parsed.selector.name : null;
};

const checkFindings = (checks: readonly unknown[], field: FieldPath): readonly Finding[] => {
  const names = checks.map((check) => asMap(check).name);
  return checks.flatMap((raw, index) => {
    const check = asMap(raw);
    const here = [...field, index];
    const kinds = ['http', 'tcp'].filter((kind) => check[kind] !== undefined);
    const [from, to] = asList(check.expectStatus);
    return [
      ...(kinds.length === 1
        ? []
        : [found(here, `has ${kinds.length === 0 ? 'no address' : 'two addresses'}, expected either http or tcp`)]),
      ...(names[index] !== undefined && names.indexOf(names[index]) < index
        ? [found([...here, 'name'], 'is given twice, expected each name once')]
        : []),
      ...(check.tcp !== undefined && check.expectStatus !== undefined
        ? [found([...here, 'expectStatus'], 'is for http checks only')]
        : []),
      ...(Number(from) > Number(to)
        ? [found([...here, 'expectStatus'], 'runs backwards, expected the lower status first')]
        : []),
    ];
  });
};
