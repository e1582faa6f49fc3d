// Owns what the room needs of a terminal, and says in one line when it is none.
import { OperatorError } from '../protocol/operator-error.ts';

interface MaybeTerminal {
  readonly isTTY?: boolean | undefined;
}

/** Throws OperatorError `not-a-terminal` unless both ends are a terminal. */
export const assertTerminal = (stdin: MaybeTerminal, stdout: MaybeTerminal): void => {
  if (stdin.isTTY === true && stdout.isTTY === true) return;
  throw new OperatorError('not-a-terminal', 'warroom needs a terminal', 'for scripts: warroom status --json');
};
