// Owns a room's terminal inside this process: the product's own code to the bytes for the terminal, without a pseudo-terminal's noise.
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { RoomClient } from '../src/client/room-client.ts';
import type { Session } from '../src/tui/session.ts';
import type * as Parts from './programs/terminal-parts.ts';
import type { Size } from './terminal.ts';

export type TerminalParts = typeof Parts;

/** The parts in a bundle: another path is another copy, with a memory of its own. */
export const loadParts = async (bundled: string): Promise<TerminalParts> => import(pathToFileURL(bundled).href);

const ENVIRONMENT = { LANG: 'C.UTF-8', TERM: 'xterm-256color' };

/** What a key does up to the painted rows. */
export const openSession = (
  { createSession, glyphsFor, themeNamed }: TerminalParts,
  client: RoomClient,
  size: Size,
): Session =>
  createSession({
    client,
    paint: { theme: themeNamed('sixteen'), glyphs: glyphsFor(ENVIRONMENT) },
    size,
    localNow: () => performance.now(),
  });

export interface InsideTerminal {
  /** Writes a key; resolves with the milliseconds until the last byte of the frame was written. */
  press(key: string): Promise<number>;
  stop(): Promise<void>;
}

const WRITTEN_WITHIN_MS = 5_000;

/** The whole way of a key, Ink and its diff of rows included. */
export const openInside = async (
  { runTui }: TerminalParts,
  client: RoomClient,
  size: Size,
): Promise<InsideTerminal> => {
  let writtenAtMs = 0;
  const written = new PassThrough({ objectMode: true });
  written.on('data', () => {});
  const stdout = new Writable({
    write: (_bytes, _encoding, done) => {
      writtenAtMs = performance.now();
      written.write(writtenAtMs);
      done();
    },
  });
  const stdin = new PassThrough();
  Object.assign(stdout, { isTTY: true, columns: size.columns, rows: size.rows });
  Object.assign(stdin, { isTTY: true, setRawMode: () => stdin, ref: () => stdin, unref: () => stdin });
  const leave = new AbortController();
  const frame = async (): Promise<void> => {
    await once(written, 'data', { signal: AbortSignal.timeout(WRITTEN_WITHIN_MS) });
    // A frame may be several writes; all of them are of one turn.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const first = frame();
  const left = runTui({
    client,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    theme: 'sixteen',
    // Nothing waits for the next sixtieth of a second.
    maxFps: 1_000,
    leave: leave.signal,
  });
  await first;
  return {
    press: async (key) => {
      const drawn = frame();
      const pressedAtMs = performance.now();
      stdin.write(key);
      await drawn;
      return writtenAtMs - pressedAtMs;
    },
    stop: async () => {
      leave.abort();
      await left;
    },
  };
};
