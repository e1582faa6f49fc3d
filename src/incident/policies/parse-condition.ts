// Owns reading a rule's text into a condition. The language is closed: what is not in it is refused with a column.
import type { Condition, NumberExpression, SignalName } from './condition.ts';
import { conditionTokens, type Token } from './condition-tokens.ts';

export type ConditionResult = { readonly ok: true; readonly condition: Condition } | ({ readonly ok: false } & Misfit);

/** What is wrong with a rule: the column of its text, from 1, and what may stand there. */
interface Misfit {
  readonly at: number;
  readonly expected: string;
}

interface Cursor {
  peek(): Token;
  take(): Token;
  /** Takes the next token when it is this word or sign. */
  takes(text: string): boolean;
  /** Notes what went wrong; the null it returns unwinds the parse. */
  fail(expected: string, at?: number): null;
}

const LONGEST_TEXT = 1_000;
const DEEPEST_NESTING = 32;
const SIGNALS = ['errorRatio', 'p95', 'requestsPerSecond'] as const;
const OPERATORS = ['>=', '>', '<=', '<'] as const;
const KEYWORDS = ['and', 'or', 'not'];

const A_CONDITION = 'a comparison, not, (, allChecksDown, core or fact(name)';
const A_NUMBER = `a number, ${SIGNALS.join(', ')}, baseline(signal), max(…) or min(…)`;

/** Reads a rule such as `errorRatio >= max(0.01, 3 * baseline(errorRatio))`. Ratios are 0 to 1, `p95` is in seconds. */
export const parseCondition = (text: string): ConditionResult => {
  if (text.length > LONGEST_TEXT)
    return { ok: false, at: LONGEST_TEXT + 1, expected: `at most ${LONGEST_TEXT} characters` };
  const split = conditionTokens(text);
  if (!split.ok)
    return { ok: false, at: split.at, expected: 'a word, a number without a unit, or one of >= > <= < ( ) , *' };
  const misfits: Misfit[] = [];
  const cursor = cursorOver(split.tokens, misfits);
  const condition = disjunction(cursor, 0);
  if (condition !== null && cursor.peek().kind !== 'end') cursor.fail('and, or, or the end of the rule');
  if (condition !== null && misfits.length === 0) return { ok: true, condition };
  return { ok: false, ...(misfits[0] ?? { at: 1, expected: A_CONDITION }) };
};

const cursorOver = (tokens: readonly Token[], misfits: Misfit[]): Cursor => {
  let next = 0;
  const end: Token = tokens.at(-1) ?? { kind: 'end', text: '', at: 1 };
  const peek = (): Token => tokens[next] ?? end;
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  return {
    peek,
    take,
    takes: (text) => {
      if (peek().text !== text) return false;
      take();
      return true;
    },
    fail: (expected, at = peek().at) => {
      misfits.push({ at, expected });
      return null;
    },
  };
};

const disjunction = (cursor: Cursor, depth: number): Condition | null =>
  chain(cursor, 'or', () => chain(cursor, 'and', () => negation(cursor, depth)));

const chain = (cursor: Cursor, word: 'and' | 'or', part: () => Condition | null): Condition | null => {
  const parts: Condition[] = [];
  do {
    const condition = part();
    if (condition === null) return null;
    parts.push(condition);
  } while (cursor.takes(word));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: word, of: parts };
};

const negation = (cursor: Cursor, depth: number): Condition | null => {
  if (depth > DEEPEST_NESTING) return cursor.fail(`at most ${DEEPEST_NESTING} levels of not and parentheses`);
  if (cursor.takes('not')) {
    const of = negation(cursor, depth + 1);
    return of === null ? null : { kind: 'not', of };
  }
  if (cursor.takes('(')) {
    const inner = disjunction(cursor, depth + 1);
    if (inner === null) return null;
    return cursor.takes(')') ? inner : cursor.fail('and, or, or )');
  }
  if (cursor.takes('allChecksDown')) return { kind: 'allChecksDown' };
  if (cursor.takes('core')) return { kind: 'core' };
  if (cursor.takes('fact')) return fact(cursor);
  return comparison(cursor);
};

const fact = (cursor: Cursor): Condition | null => {
  if (!cursor.takes('(')) return cursor.fail('( and the name of a fact');
  const name = cursor.peek();
  if (name.kind !== 'word') return cursor.fail('the name of a fact');
  cursor.take();
  return cursor.takes(')') ? { kind: 'fact', name: name.text } : cursor.fail(')');
};

const comparison = (cursor: Cursor): Condition | null => {
  const start = cursor.peek();
  const left = product(cursor, { depth: 0, expected: A_CONDITION });
  if (left === null) return null;
  const operator = OPERATORS.find((candidate) => cursor.takes(candidate));
  if (operator === undefined) return cursor.fail('one of >= > <= <, or * and another factor');
  const right = product(cursor, { depth: 0, expected: A_NUMBER });
  if (right === null) return null;
  if (isConstant(left) && isConstant(right)) return cursor.fail('a signal on one side of the comparison', start.at);
  return { kind: 'compare', operator, left, right };
};

interface Place {
  readonly depth: number;
  /** What to say when nothing fitting stands here. */
  readonly expected: string;
}

const product = (cursor: Cursor, place: Place): NumberExpression | null => {
  let left = factor(cursor, place);
  while (left !== null && cursor.takes('*')) {
    const right = factor(cursor, { ...place, expected: A_NUMBER });
    left = right === null ? null : { kind: 'multiply', left, right };
  }
  return left;
};

const factor = (cursor: Cursor, place: Place): NumberExpression | null => {
  if (place.depth > DEEPEST_NESTING) return cursor.fail(`at most ${DEEPEST_NESTING} levels of max and min`);
  const token = cursor.peek();
  if (token.kind === 'number') {
    cursor.take();
    return { kind: 'number', value: token.value };
  }
  if (token.kind !== 'word' || KEYWORDS.includes(token.text)) return cursor.fail(place.expected);
  const signal = signalNamed(token.text);
  if (signal !== undefined) {
    cursor.take();
    return { kind: 'signal', name: signal };
  }
  if (token.text === 'baseline') return baseline(cursor);
  if (token.text === 'max' || token.text === 'min') return extreme(cursor, token.text, place.depth + 1);
  return cursor.fail(place.expected);
};

const signalNamed = (text: string): SignalName | undefined => SIGNALS.find((name) => name === text);

const baseline = (cursor: Cursor): NumberExpression | null => {
  cursor.take();
  if (!cursor.takes('(')) return cursor.fail('( and the name of a signal');
  const name = signalNamed(cursor.peek().text);
  if (name === undefined || name === 'requestsPerSecond') return cursor.fail('errorRatio or p95');
  cursor.take();
  return cursor.takes(')') ? { kind: 'baseline', name } : cursor.fail(')');
};

const extreme = (cursor: Cursor, kind: 'max' | 'min', depth: number): NumberExpression | null => {
  cursor.take();
  if (!cursor.takes('(')) return cursor.fail('( and two or more numbers');
  const of: NumberExpression[] = [];
  do {
    const part = product(cursor, { depth, expected: A_NUMBER });
    if (part === null) return null;
    of.push(part);
  } while (cursor.takes(','));
  if (of.length < 2) return cursor.fail(', and another number');
  return cursor.takes(')') ? { kind, of } : cursor.fail(', or )');
};

const isConstant = (expression: NumberExpression): boolean => {
  switch (expression.kind) {
    case 'number':
      return true;
    case 'signal':
    case 'baseline':
      return false;
    case 'max':
    case 'min':
      return expression.of.every(isConstant);
    case 'multiply':
      return isConstant(expression.left) && isConstant(expression.right);
    default:
      return expression satisfies never;
  }
};
