// Owns the number a chart draws as its limit: the lowest error ratio at which some rule would speak.
import type { Condition, NumberExpression } from './condition.ts';
import type { SeverityPolicy } from './policy.ts';

/** The smallest error ratio that any rule compares with; where a rule needs a baseline that is unknown, the part that is known. */
export const errorRatioLimit = (policy: SeverityPolicy, baseline: number | null): number | null => {
  const limits = policy.rules.flatMap((rule) => limitsIn(rule.when, baseline));
  return limits.length === 0 ? null : Math.min(...limits);
};

const limitsIn = (condition: Condition, baseline: number | null): readonly number[] => {
  if (condition.kind === 'and' || condition.kind === 'or')
    return condition.of.flatMap((part) => limitsIn(part, baseline));
  const speaksAbove = condition.kind === 'compare' && (condition.operator === '>=' || condition.operator === '>');
  if (!speaksAbove || condition.left.kind !== 'signal' || condition.left.name !== 'errorRatio') return [];
  const limit = amount(condition.right, baseline);
  return limit === null ? [] : [limit];
};

const amount = (expression: NumberExpression, baseline: number | null): number | null => {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'baseline':
      return expression.name === 'errorRatio' ? baseline : null;
    case 'signal':
      return null;
    case 'multiply': {
      const [left, right] = [amount(expression.left, baseline), amount(expression.right, baseline)];
      return left === null || right === null ? null : left * right;
    }
    case 'max':
    case 'min': {
      const amounts = expression.of.map((part) => amount(part, baseline)).filter((one) => one !== null);
      return amounts.length === 0 ? null : Math[expression.kind](...amounts);
    }
    default:
      return expression satisfies never;
  }
};
