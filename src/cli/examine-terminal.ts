// Owns looking at the terminal that the room will be drawn on: its size, characters and colours, and settings of tmux that hurt.
import { type RunProgram, runProgram } from '../agent/setup/examine-clock.ts';
import { type Finding, failure, fine, warning } from '../agent/setup/finding.ts';
import { glyphsFor } from '../tui/glyphs.ts';
import { themeFor } from '../tui/theme.ts';

export interface TerminalSeen {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null where the output is no terminal. */
  readonly size: { readonly columns: number; readonly rows: number } | null;
}

const COLUMNS = 80;
const ROWS = 24;

/** None where nobody looks at a screen: a script, a pipe. */
export const examineTerminal = async (
  { env, size }: TerminalSeen,
  run: RunProgram = runProgram,
): Promise<readonly Finding[]> => {
  if (size === null) return [];
  const trouble = [...kindFindings(env), ...sizeFindings(size), ...(await tmuxFindings(env, run))];
  if (trouble.length > 0) return trouble;
  const colours = themeFor(env) === 'sixteen' ? '16 colours' : 'no colours, as asked';
  return [fine('terminal', `the terminal: ${env.TERM}, ${size.columns}x${size.rows}, UTF-8, ${colours}`)];
};

const kindFindings = (env: TerminalSeen['env']): readonly Finding[] => [
  ...((env.TERM ?? '') === '' || env.TERM === 'dumb'
    ? [
        failure(
          'terminal',
          `TERM is ${env.TERM || 'not set'}: no screen can be drawn`,
          'set TERM to what the terminal is, such as xterm-256color; or use warroom room --plain',
        ),
      ]
    : []),
  ...(glyphsFor(env) === 'ascii'
    ? [
        warning(
          'terminal',
          `the locale is ${env.LC_ALL || env.LC_CTYPE || env.LANG}: curves and lines are drawn in ASCII`,
          'export LC_ALL=C.UTF-8',
        ),
      ]
    : []),
];

const sizeFindings = ({ columns, rows }: { readonly columns: number; readonly rows: number }): readonly Finding[] =>
  columns >= COLUMNS && rows >= ROWS
    ? []
    : [
        warning(
          'terminal',
          `the terminal has ${columns}x${rows}: the room leaves things out below ${COLUMNS}x${ROWS}`,
          'make it larger, or its letters smaller',
        ),
      ];

const SLOW_ESCAPE_MS = 100;

interface TmuxSetting {
  readonly name: string;
  readonly hurts: (value: string) => boolean;
  readonly what: (value: string) => string;
  readonly fix: string;
}

const TMUX_SETTINGS: readonly TmuxSetting[] = [
  {
    name: 'escape-time',
    hurts: (value) => Number(value) > SLOW_ESCAPE_MS,
    what: (value) => `tmux holds the Esc key back for ${value} ms`,
    fix: 'tmux set -s escape-time 20, and the same in ~/.tmux.conf',
  },
  {
    name: 'bell-action',
    hurts: (value) => value === 'none',
    what: () => 'tmux swallows the bell that the room rings for you',
    fix: 'tmux set -g bell-action any, and the same in ~/.tmux.conf',
  },
  {
    name: 'default-terminal',
    hurts: (value) => !/^(?:screen|tmux)/.test(value),
    what: (value) => `tmux calls itself ${value}, which it is not: what is drawn may be left standing`,
    fix: 'tmux set -s default-terminal tmux-256color, and the same in ~/.tmux.conf',
  },
];

const tmuxFindings = async (env: TerminalSeen['env'], run: RunProgram): Promise<readonly Finding[]> => {
  if ((env.TMUX ?? '') === '') return [];
  const found = await Promise.all(
    TMUX_SETTINGS.map(async ({ name, hurts, what, fix }): Promise<readonly Finding[]> => {
      const value = (await run('tmux', ['show-options', '-gqv', name]))?.trim() ?? '';
      return value !== '' && hurts(value) ? [warning('terminal', what(value), fix)] : [];
    }),
  );
  return found.flat();
};
