// Owns what a rule must be beyond its grammar: one that can come true.
import type { Condition, NumberExpression } from './condition.ts';
import { type ConditionResult, parseCondition } from './parse-condition.ts';

/** Reads a rule's text; refuses one that could never match, such as `errorRatio >= 50` by somebody who thought in percent. */
export const readSeverityRule = (text: string): ConditionResult => {
  const parsed = parseCondition(text);
  if (!parsed.ok || !comparesPercent(parsed.condition)) return parsed;
  return {
    ok: false,
    at: 1 + Math.max(0, text.indexOf('errorRatio')),
    expected: 'errorRatio against 0 to 1 (5 % is 0.05)',
  };
};

const comparesPercent = (condition: Condition): boolean => {
  switch (condition.kind) {
    case 'compare':
      return (
        (isErrorRatio(condition.left) && isAboveOne(condition.right)) ||
        (isErrorRatio(condition.right) && isAboveOne(condition.left))
      );
    case 'and':
    case 'or':
      return condition.of.some(comparesPercent);
    case 'not':
      return comparesPercent(condition.of);
    case 'allChecksDown':
    case 'core':
    case 'fact':
      return false;
    default:
      return condition satisfies never;
  }
};

const isErrorRatio = (expression: NumberExpression): boolean =>
  expression.kind === 'signal' && expression.name === 'errorRatio';

const isAboveOne = (expression: NumberExpression): boolean => {
  if (expression.kind === 'number') return expression.value > 1;
  return expression.kind === 'max' && expression.of.some(isAboveOne);
};
