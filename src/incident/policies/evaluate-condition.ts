// Owns the truth of a condition under readings that may be unknown: three-valued, and numbers are intervals.
import type { Condition, NumberExpression, SignalName } from './condition.ts';
import type { Readings } from './readings.ts';

export type Verdict = boolean | 'unknown';

/** All a number can be, given what is known: `max(0.01, unknown)` is at least 0.01. */
interface Interval {
  readonly low: number;
  readonly high: number;
}

// Unbounded on purpose, although no ratio is negative: nothing follows from a value nobody knows, not even `>= 0`.
const ANYTHING: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** Whether the condition holds; `unknown` unless the readings settle it either way. Kleene's and, or, not. */
export const evaluate = (condition: Condition, readings: Readings): Verdict => {
  switch (condition.kind) {
    case 'compare':
      return compare(condition.operator, interval(condition.left, readings), interval(condition.right, readings));
    case 'and':
      return all(condition.of.map((part) => evaluate(part, readings)));
    case 'or':
      return not(all(condition.of.map((part) => not(evaluate(part, readings)))));
    case 'not':
      return not(evaluate(condition.of, readings));
    case 'allChecksDown':
      return readings.allChecksDown ?? 'unknown';
    case 'core':
      return readings.core;
    case 'fact':
      return readings.facts.has(condition.name);
    default:
      return condition satisfies never;
  }
};

const not = (verdict: Verdict): Verdict => (verdict === 'unknown' ? 'unknown' : !verdict);

const all = (verdicts: readonly Verdict[]): Verdict => {
  if (verdicts.includes(false)) return false;
  return verdicts.includes('unknown') ? 'unknown' : true;
};

const compare = (operator: '>=' | '>' | '<=' | '<', left: Interval, right: Interval): Verdict => {
  switch (operator) {
    case '>=':
      return not(below(left, right));
    case '>':
      return below(right, left);
    case '<=':
      return not(below(right, left));
    case '<':
      return below(left, right);
    default:
      return operator satisfies never;
  }
};

const below = (left: Interval, right: Interval): Verdict => {
  if (left.high < right.low) return true;
  return left.low >= right.high ? false : 'unknown';
};

const interval = (expression: NumberExpression, readings: Readings): Interval => {
  switch (expression.kind) {
    case 'number':
      return { low: expression.value, high: expression.value };
    case 'signal':
      return exactly(signal(expression.name, readings));
    case 'baseline':
      return exactly(baseline(expression.name, readings));
    case 'max':
      return extreme(Math.max, expression.of, readings);
    case 'min':
      return extreme(Math.min, expression.of, readings);
    case 'multiply':
      return product(interval(expression.left, readings), interval(expression.right, readings));
    default:
      return expression satisfies never;
  }
};

const exactly = (value: number | null): Interval =>
  value === null || !Number.isFinite(value) ? ANYTHING : { low: value, high: value };

const signal = (name: SignalName, readings: Readings): number | null => {
  switch (name) {
    case 'errorRatio':
      return readings.errorRatio;
    case 'p95':
      return readings.p95Seconds;
    case 'requestsPerSecond':
      return readings.requestsPerSecond;
    default:
      return name satisfies never;
  }
};

const baseline = (name: SignalName, readings: Readings): number | null => {
  switch (name) {
    case 'errorRatio':
      return readings.baseline.errorRatio;
    case 'p95':
      return readings.baseline.p95Seconds;
    case 'requestsPerSecond':
      return null;
    default:
      return name satisfies never;
  }
};

const extreme = (
  pick: (...values: number[]) => number,
  of: readonly NumberExpression[],
  readings: Readings,
): Interval => {
  const parts = of.map((part) => interval(part, readings));
  return { low: pick(...parts.map((part) => part.low)), high: pick(...parts.map((part) => part.high)) };
};

const product = (left: Interval, right: Interval): Interval => {
  const corners = [left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high];
  // Zero times anything is zero, also where anything is endless.
  const finite = corners.map((corner) => (Number.isNaN(corner) ? 0 : corner));
  return { low: Math.min(...finite), high: Math.max(...finite) };
};
