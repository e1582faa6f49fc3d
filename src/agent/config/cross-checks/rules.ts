// Owns what must fit together in severity.yaml: an id stands for one rule.
import { SEVERITIES } from '../../../incident/words.ts';
import type { Finding } from '../describe-issue.ts';
import { asList, asMap } from '../raw-value.ts';
import { found } from './finding.ts';

export const ruleFindings = (severity: unknown): readonly Finding[] => {
  const classes = asMap(asMap(severity).classes);
  const seen = new Map<unknown, string>();
  return SEVERITIES.flatMap((name) =>
    asList(asMap(classes[name]).rules).flatMap((rule, index) => {
      const { id } = asMap(rule);
      const earlier = seen.get(id);
      if (earlier === undefined) seen.set(id, name);
      const field = ['classes', name, 'rules', index, 'id'];
      return id === undefined || earlier === undefined
        ? []
        : [found(field, `is given twice, first in ${earlier}; expected each id once`)];
    }),
  );
};
