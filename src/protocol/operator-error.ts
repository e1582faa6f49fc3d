// Owns errors that a person can put right: what is wrong, and what to do next. Printed without a stack.

export type OperatorErrorCode =
  | 'bad-config'
  | 'bad-usage'
  | 'no-agent'
  | 'agent-refused'
  | 'agent-running'
  | 'journal-damaged'
  | 'state-unwritable'
  | 'address-in-use'
  | 'wrong-node'
  | 'not-a-terminal'
  | 'no-prometheus'
  | 'tokens-damaged'
  | 'bad-backup';

export class OperatorError extends Error {
  readonly code: OperatorErrorCode;
  /** What to do about it, as one instruction. */
  readonly nextStep: string;

  constructor(code: OperatorErrorCode, message: string, nextStep: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'OperatorError';
    this.code = code;
    this.nextStep = nextStep;
  }
}
