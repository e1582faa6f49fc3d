// Owns a program in a real pseudo-terminal: its screen as a person sees it, and the moment at which it came to show something.
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalProgram {
  /** When it was started, on the clock of `performance.now()`. */
  readonly startedAtMs: number;
  /** Writes a key; returns when, on the same clock. */
  press(key: string): number;
  /**
   * Waits until the screen is as wanted. Resolves with the arrival of the bytes that made it so, however long the
   * reading of them took here. Rejects with the screen after ten seconds.
   */
  untilShows(what: string, isShown: (rows: readonly string[]) => boolean): Promise<number>;
  readonly pid: number;
  /** How much it has written so far. */
  bytes(): number;
  stop(): Promise<void>;
}

const SHOWN_WITHIN_MS = 10_000;

const environment = (extra: Readonly<Record<string, string>>): Record<string, string> => {
  const kept = Object.entries(process.env).filter(
    // Ink paints only its last frame where CI is set; the rest would change colours or addresses.
    ([name]) => name !== 'CI' && name !== 'NO_COLOR' && name !== 'FORCE_COLOR' && !name.startsWith('WARROOM_'),
  );
  return { ...(Object.fromEntries(kept) as Record<string, string>), TERM: 'xterm-256color', ...extra };
};

/** Starts a script with our Node. */
export const openTerminal = (
  args: readonly string[],
  { columns, rows }: Size,
  env: Readonly<Record<string, string>> = {},
): TerminalProgram => {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const watchers = new Set<(arrivedAtMs: number) => void>();
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: environment(env),
  });
  let lastArrivedAtMs = startedAtMs;
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.onExit(() => {
      hasEnded = true;
      resolve();
    });
  });
  let written = 0;
  child.onData((bytes) => {
    const arrivedAtMs = performance.now();
    written += Buffer.byteLength(bytes);
    screen.write(bytes, () => {
      lastArrivedAtMs = arrivedAtMs;
      for (const watch of watchers) watch(arrivedAtMs);
    });
  });

  const shownRows = (): readonly string[] => {
    const { active } = screen.buffer;
    return Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '');
  };

  return {
    startedAtMs,
    pid: child.pid,
    bytes: () => written,
    press: (key) => {
      const pressedAtMs = performance.now();
      child.write(key);
      return pressedAtMs;
    },
    untilShows: (what, isShown) =>
      new Promise((resolve, reject) => {
        if (isShown(shownRows())) return resolve(lastArrivedAtMs);
        const watch = (arrivedAtMs: number): void => {
          if (!isShown(shownRows())) return;
          clearTimeout(late);
          watchers.delete(watch);
          resolve(arrivedAtMs);
        };
        const late = setTimeout(() => {
          watchers.delete(watch);
          reject(new Error(`the screen did not show ${what}:\n${shownRows().join('\n')}`));
        }, SHOWN_WITHIN_MS);
        watchers.add(watch);
      }),
    stop: async () => {
      if (!hasEnded) child.kill('SIGKILL');
      await ended;
      screen.dispose();
    },
  };
};
