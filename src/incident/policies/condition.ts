// Owns the small closed language of rules: what a condition is made of. Parsed, never evaluated as code.

export type SignalName = 'errorRatio' | 'p95' | 'requestsPerSecond';

export type NumberExpression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'signal'; readonly name: SignalName }
  | { readonly kind: 'baseline'; readonly name: SignalName }
  | { readonly kind: 'max' | 'min'; readonly of: readonly NumberExpression[] }
  | { readonly kind: 'multiply'; readonly left: NumberExpression; readonly right: NumberExpression };

export type Condition =
  | {
      readonly kind: 'compare';
      readonly operator: '>=' | '>' | '<=' | '<';
      readonly left: NumberExpression;
      readonly right: NumberExpression;
    }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'allChecksDown' }
  | { readonly kind: 'core' }
  | { readonly kind: 'fact'; readonly name: string };
