// Owns that secrets come from the environment or from files: one that stands in a configuration file itself is refused.
import type { Finding } from '../describe-issue.ts';
import type { FieldPath } from '../problems.ts';
import { asList, asMap } from '../raw-value.ts';
import { found } from './finding.ts';

const STANDS_HERE = `stands in this file, where everybody reads it who reads the configuration, expected \${NAME} from the environment, or { file: path }`;

/** Names of headers and variables that say what they carry. */
const CREDENTIAL = /^(?:proxy-)?authorization$|^cookie$|api[-_]?key|token|secret|passw/i;
const SLACK_WEBHOOK = /^https:\/\/hooks\.slack\.com\/./;

/** The secrets that are written out in a file. */
export const writtenSecretFindings = (file: unknown): readonly Finding[] =>
  textsIn(file, []).flatMap(({ text, field }) =>
    isSecretPlace(text, field) && text !== '' && !text.includes('${') ? [found(field, STANDS_HERE)] : [],
  );

interface Placed {
  readonly text: string;
  readonly field: FieldPath;
}

const textsIn = (value: unknown, field: FieldPath): readonly Placed[] => {
  if (typeof value === 'string') return [{ text: value, field }];
  return [
    ...Object.entries(asMap(value)).flatMap(([name, inner]) => textsIn(inner, [...field, name])),
    ...asList(value).flatMap((inner, index) => textsIn(inner, [...field, index])),
  ];
};

const isSecretPlace = (text: string, field: FieldPath): boolean => {
  const [holder, name] = field.slice(-2).map(String);
  if (SLACK_WEBHOOK.test(text)) return true;
  if (holder === 'smtp' && name === 'password') return true;
  return (holder === 'headers' || holder === 'env') && CREDENTIAL.test(name ?? '');
};
