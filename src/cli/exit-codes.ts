// Owns what a script learns from the exit status: 0 done, 1 failed, 2 usage or configuration, 3 refused by policy, 4 agent unreachable.
import type { OperatorError } from '../protocol/operator-error.ts';

export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, unreachable: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const exitCodeOf = (error: OperatorError): ExitCode => {
  switch (error.code) {
    case 'bad-config':
    case 'bad-usage':
    case 'wrong-node':
    case 'not-a-terminal':
      return EXIT.usage;
    case 'no-agent':
    case 'agent-refused':
      return EXIT.unreachable;
    case 'agent-running':
    case 'journal-damaged':
    case 'state-unwritable':
    case 'address-in-use':
    case 'no-prometheus':
    case 'tokens-damaged':
    case 'bad-backup':
      return EXIT.failed;
    default:
      return error.code satisfies never;
  }
};
