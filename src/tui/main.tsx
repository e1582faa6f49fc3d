// Owns the room in a real terminal: alternate screen in, one summary out. Ink is loaded here and nowhere earlier.
import type { RoomClient } from '../client/room-client.ts';
import { glyphsFor } from './glyphs.ts';
import type { Leaving } from './leaving.ts';
import { pastInk } from './past-ink.ts';
import { createSession } from './session.ts';
import { summaryLines } from './summary.ts';
import { assertTerminal } from './terminal.ts';
import { terminalSignals } from './terminal-signals.ts';
import { type ThemeName, themeFor, themeNamed } from './theme.ts';
import { aborted } from './told-to-leave.ts';

export interface TuiOptions {
  readonly client: RoomClient;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly theme?: ThemeName;
  readonly maxFps?: number;
  /** What ends when the person leaves; without it, the room alone. */
  readonly leaving?: Leaving;
  /** Leaves in the person's place once it is aborted. */
  readonly leave?: AbortSignal;
}

const CLEAR_SCREEN = '\u001b[2J';
// Terminals do not agree on the width of every script: what is wider than we counted ends at the edge, and moves no other row.
const CUT_AT_EDGE = '\u001b[?7l';
const WRAP_AT_EDGE = '\u001b[?7h';

/** Shows the room until the person leaves or `leave` is aborted. Rejects with OperatorError `not-a-terminal` where there is none. The client stays open. */
export const runTui = async (options: TuiOptions): Promise<void> => {
  const { client, stdin, stdout, theme, maxFps = 60, leaving = 'agent-goes-on', leave } = options;
  assertTerminal(stdin, stdout);
  // Ink knows only FORCE_COLOR, and reads it when it is loaded.
  if ((process.env.NO_COLOR ?? '') !== '' && process.env.FORCE_COLOR === undefined) process.env.FORCE_COLOR = '0';
  const [{ render }, { Screen }] = await Promise.all([import('ink'), import('./screen.tsx')]);
  if (leave?.aborted === true) return;
  const session = createSession({
    client,
    leaving,
    paint: { theme: themeNamed(theme ?? themeFor(process.env)), glyphs: glyphsFor(process.env) },
    size: { columns: stdout.columns, rows: stdout.rows },
    localNow: () => performance.now(),
  });
  const stopSignals = signalsOn(client, stdout);
  const ink = render(<Screen session={session} />, {
    stdin,
    stdout,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    maxFps,
  });
  const wrapAgain = (): void => void stdout.write(WRAP_AT_EDGE);
  stdout.write(CUT_AT_EDGE);
  // Also when a fault ends us: the shell's lines would be cut.
  process.once('exit', wrapAgain);
  const past = pastInk({
    write: (bytes) => void stdout.write(bytes),
    flushed: ink.waitUntilRenderFlush,
    rows: session.rows,
    height: () => stdout.rows,
  });
  past.frame();
  session.subscribe(past.frame);
  session.onMoved(past.moved);
  session.onRepaint(async () => {
    session.setBlank(true);
    await ink.waitUntilRenderFlush();
    stdout.write(CLEAR_SCREEN);
    session.setBlank(false);
  });
  try {
    await Promise.race([session.left, ink.waitUntilExit(), ...(leave === undefined ? [] : [aborted(leave)])]);
  } finally {
    const incident = session.shownIncident();
    session.stop();
    past.stop();
    ink.unmount();
    await ink.waitUntilExit();
    process.removeListener('exit', wrapAgain);
    wrapAgain();
    stopSignals();
    const lines = summaryLines(client.view(), incident, { columns: stdout.columns, leaving });
    stdout.write(`${lines.join('\n')}\n`);
  }
};

/** Title and bell go straight to the terminal, between the frames: neither moves the cursor. */
const signalsOn = (client: RoomClient, stdout: NodeJS.WriteStream): (() => void) => {
  const signals = terminalSignals({
    write: (text) => void stdout.write(text),
    env: process.env,
    localNow: () => performance.now(),
  });
  let seen = client.view();
  signals.begin(seen);
  const stopListening = client.subscribe(() => {
    const before = seen;
    seen = client.view();
    signals.changed(before, seen);
  });
  return () => {
    stopListening();
    signals.end();
  };
};
