// Owns what is wrong with a configuration: each problem with its place, all of them in one error.
import { safeText } from '../../incident/text.ts';
import { OperatorError } from '../../protocol/operator-error.ts';

export type FieldPath = readonly (string | number)[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Problem {
  readonly file: string;
  /** Null where the problem is the file itself. */
  readonly position: Position | null;
  readonly field: FieldPath;
  /** What is wrong, then what was expected. */
  readonly message: string;
}

const MOST_LISTED = 100;

/** `services.yaml:4:11 services.checkout.core: is "yes", expected true or false`. */
export const formatProblem = ({ file, position, field, message }: Problem): string => {
  const place = position === null ? file : `${file}:${position.line}:${position.column}`;
  const name = fieldName(field);
  return `${safeText(name === '' ? place : `${place} ${name}`, 300)}: ${safeText(message)}`;
};

const fieldName = (path: FieldPath): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');

/** The error that stops an agent from starting on a half-understood configuration. */
export const badConfig = (directory: string, problems: readonly Problem[]): OperatorError => {
  const sorted = [...problems].sort(byPlace);
  const lines = [...new Set(sorted.map(formatProblem))];
  const left = lines.length - MOST_LISTED;
  const listed = [...lines.slice(0, MOST_LISTED), ...(left > 0 ? [`and ${left} more`] : [])];
  const count = lines.length === 1 ? 'one problem' : `${lines.length} problems`;
  return new OperatorError(
    'bad-config',
    [`The configuration in ${directory} has ${count}:`, ...listed.map((line) => `  ${line}`)].join('\n'),
    'Correct the files named above; `warroom check-config` reads them again without starting anything.',
  );
};

const byPlace = (a: Problem, b: Problem): number =>
  a.file.localeCompare(b.file) ||
  (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
  (a.position?.column ?? 0) - (b.position?.column ?? 0);
