// Owns what a command has of the shell that called it: environment, streams, and the interrupt key.

export interface Output {
  write(text: string): unknown;
}

export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Calls `listener` at the first interrupt, instead of ending at once; a second one ends the program as always. */
  onInterrupt(listener: () => void): () => void;
}

/** The shell of this process. A reader that left, as `head` does, ends the talking quietly. */
export const processShell = (): Shell => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeListener('error', passOverBrokenPipe);
    stream.on('error', passOverBrokenPipe);
  }
  return {
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt: (listener) => {
      process.once('SIGINT', listener);
      process.once('SIGTERM', listener);
      return () => {
        process.removeListener('SIGINT', listener);
        process.removeListener('SIGTERM', listener);
      };
    },
  };
};

const passOverBrokenPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
};
