#!/usr/bin/env node
// Owns the very first steps: the right Node, the shortest way to the room, and how errors leave the program.
import { safeText } from './incident/text.ts';
import { OperatorError } from './protocol/operator-error.ts';

const NEEDED_NODE = 22;

/** A bug is told loudly, with its stack; the words in it may be anybody's. */
const endOnFault = (fault: unknown): never => {
  const story = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  process.stderr.write(
    story
      .split('\n')
      .map((line) => `${line.startsWith(' ') ? '    ' : ''}${safeText(line)}\n`)
      .join(''),
  );
  process.exit(1);
};

const main = async (): Promise<void> => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NEEDED_NODE) {
    process.stderr.write(
      `warroom: Node ${NEEDED_NODE} or later is needed, this is ${process.versions.node}: use npx warroom in the checkout, or install a newer Node\n`,
    );
    process.exit(2);
  }
  const args = process.argv.slice(2);
  try {
    // The room itself skips the command line's parser: at 03:00 every hundred milliseconds is felt.
    if (args.length === 0) process.exitCode = await (await import('./cli/room.ts')).openRoom({});
    else process.exitCode = await (await import('./cli/program.ts')).runProgram(args);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const [{ reportError }, { processShell }] = await Promise.all([
      import('./cli/answer.ts'),
      import('./cli/shell.ts'),
    ]);
    process.exitCode = reportError(processShell(), {}, error);
  }
};

process.on('uncaughtException', endOnFault);
await main();
