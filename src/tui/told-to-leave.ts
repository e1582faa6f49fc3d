// Owns being told from outside to leave: a signal, or a terminal that is gone, as one AbortSignal. Knows no Ink.

export interface LeaveWhen {
  readonly signals: readonly NodeJS.Signals[];
  /** Streams whose error means that nobody is there any more. */
  readonly streams: readonly Pick<NodeJS.EventEmitter, 'on' | 'removeAllListeners'>[];
}

/** What ends a room: it is told so, or its terminal goes away. */
export const whenTerminalEnds = (stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): LeaveWhen => ({
  signals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
  streams: [stdin, stdout],
});

/** Aborts at the first of these. The process then ends when its owner has put everything away, and not before. */
export const toldToLeave = ({ signals, streams }: LeaveWhen): AbortSignal => {
  const told = new AbortController();
  const leave = (): void => told.abort();
  // Never removed: for a signal nobody else listens to, Ink ends the process on the spot; so does an unheard stream error.
  for (const signal of signals) process.on(signal, leave);
  for (const stream of streams) {
    // Whoever took such an error for the end of the program is wrong from here on.
    stream.removeAllListeners('error');
    stream.on('error', leave);
  }
  return told.signal;
};

/** Resolves once `signal` is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
