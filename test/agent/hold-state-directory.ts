// Owns a program for tests: takes the state directory it is given, says how that went, and holds on until it is killed.
import { openStateDirectory } from '../../src/agent/state-directory.ts';
import { OperatorError } from '../../src/protocol/operator-error.ts';

try {
  await openStateDirectory(process.argv[2] ?? '');
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(error instanceof OperatorError ? `${error.code}\n` : `bug ${String(error)}\n`);
}
