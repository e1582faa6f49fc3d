// Owns the wall in a real terminal: alternate screen in, terminal given back. Blessed is loaded here and nowhere earlier.
import type { RoomClient } from '../../client/room-client.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import { glyphsFor } from '../glyphs.ts';
import { assertTerminal } from '../terminal.ts';
import { themeFor } from '../theme.ts';
import { aborted } from '../told-to-leave.ts';
import { createWall } from './wall.ts';

export interface RunWallOptions {
  readonly client: Pick<RoomClient, 'view' | 'now'>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the wall once it is aborted. */
  readonly leave: AbortSignal;
}

/** Shows the wall until somebody leaves it or `leave` is aborted. Rejects with OperatorError `not-a-terminal` where it cannot be drawn. The client stays open. */
export const runWall = async ({ client, stdin, stdout, env, leave }: RunWallOptions): Promise<void> => {
  assertWall({ stdin, stdout, env });
  const { openWallScreen } = await loadScreen();
  if (leave.aborted) return;
  const glyphs = glyphsFor(env);
  const screen = openWallScreen({ stdin, stdout, glyphs, theme: themeFor(env) });
  const wall = createWall({ client, screen, glyphs, localNow: () => performance.now() });
  try {
    await Promise.race([wall.left, aborted(leave)]);
  } finally {
    wall.stop();
    screen.close();
  }
};

/** Throws OperatorError `not-a-terminal` unless a whole screen can be drawn at both ends. */
export const assertWall = ({ stdin, stdout, env }: Pick<RunWallOptions, 'stdin' | 'stdout' | 'env'>): void => {
  assertTerminal(stdin, stdout);
  if (env.TERM === 'dumb')
    throw new OperatorError(
      'not-a-terminal',
      'the wall cannot be drawn on a terminal that says it is dumb',
      'set TERM to what it really is; in lines: warroom --plain',
    );
};

const loadScreen = async (): Promise<typeof import('./wall-screen.ts')> => {
  try {
    return await import('./wall-screen.ts');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new OperatorError(
      'bad-usage',
      'the wall is drawn by the packages blessed and blessed-contrib, which are not installed',
      'in the directory of warroom: npm ci --omit=dev --ignore-scripts',
      { cause: error },
    );
  }
};
