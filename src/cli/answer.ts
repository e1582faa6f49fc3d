// Owns how a command answers: in words for a person, or as one JSON object of a stable shape; and the exit code that goes with it.
import { isTheDisks, type Refusal } from '../incident/refusal.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';

/** What every command that talks to the agent understands. */
export interface Answering {
  readonly json?: boolean;
  /** The person, where the token does not name one. */
  readonly as?: string;
}

export interface Success {
  readonly seq: number;
  readonly subject: string | null;
  /** Fields of this command alone. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

export const succeed = (shell: Shell, { json }: Answering, { seq, subject, fields, lines }: Success): ExitCode => {
  if (json) printJson(shell.stdout, { ok: true, seq, subject, ...fields });
  else printLines(shell.stdout, lines);
  return EXIT.done;
};

/** A refusal of policy. A log that takes no writes is no policy: that has failed. */
export const refuse = (shell: Shell, { json }: Answering, refusal: Refusal): ExitCode => {
  const { reason, message, remedy, actions } = refusal;
  const isFailure = isTheDisks(refusal) || reason === 'fault';
  if (json) printJson(shell.stdout, { ok: false, refusal: { reason, message, remedy, actions } });
  else printLines(shell.stderr, [`${isFailure ? 'failed' : 'refused'}: ${message}`, `         ${remedy}`]);
  return isFailure ? EXIT.failed : EXIT.refused;
};

export interface Failure {
  /** A closed word for scripts. */
  readonly reason: string;
  readonly detail: string;
  readonly subject: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

export const fail = (shell: Shell, { json }: Answering, failure: Failure): ExitCode => {
  const { reason, detail, subject, fields, lines } = failure;
  if (json) printJson(shell.stdout, { ok: false, subject, failure: { reason, detail }, ...fields });
  else printLines(shell.stderr, lines);
  return EXIT.failed;
};

/** An error that a person can put right: what is wrong, then what to do. */
export const reportError = (shell: Shell, { json }: Answering, error: OperatorError): ExitCode => {
  const { code, message, nextStep } = error;
  if (json) printJson(shell.stdout, { ok: false, error: { code, message, nextStep } });
  const [first = '', ...more] = message.split('\n');
  printLines(shell.stderr, [`warroom: ${first}`, ...more, `         ${nextStep}`]);
  return exitCodeOf(error);
};

export const badUsage = (message: string, nextStep: string): OperatorError =>
  new OperatorError('bad-usage', message, nextStep);
