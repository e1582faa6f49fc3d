import { describe, expect, it } from 'vitest';
import { examineTerminal } from '../../src/cli/examine-terminal.ts';

const env = { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' };
const size = { columns: 80, rows: 24 };

const look = async (
  seen: { readonly env?: Readonly<Record<string, string>>; readonly size?: typeof size | null },
  tmux: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> => {
  const run = async (_program: string, args: readonly string[]) => tmux[args.at(-1) ?? ''] ?? null;
  const findings = await examineTerminal({ env, size, ...seen }, run);
  for (const { state, fix } of findings) expect(fix === null).toBe(state === 'ok');
  return findings.map(({ state, what }) => `${state} ${what}`);
};

describe('the terminal', () => {
  it('of the usual kind is fine, and said in one line', async () => {
    expect(await look({})).toEqual(['ok the terminal: xterm-256color, 80x24, UTF-8, 16 colours']);
    expect(await look({ env: { ...env, NO_COLOR: '1' } })).toEqual([expect.stringContaining('no colours, as asked')]);
  });

  it('is not looked for where nobody looks at a screen', async () => {
    expect(await look({ size: null, env: {} })).toEqual([]);
  });

  it.each<[string, Parameters<typeof look>[0], RegExp]>([
    ['without a kind', { env: { LANG: 'C.UTF-8' } }, /^fail TERM is not set/],
    ['that is dumb', { env: { TERM: 'dumb' } }, /^fail TERM is dumb/],
    ['with another locale', { env: { TERM: 'xterm', LC_ALL: 'POSIX' } }, /^warn the locale is POSIX/],
    ['that is small', { size: { columns: 72, rows: 24 } }, /^warn the terminal has 72x24/],
  ])('%s says so', async (_what, seen, words) => {
    expect(await look(seen)).toEqual([expect.stringMatching(words)]);
  });

  it('in tmux has the settings read that hurt there', async () => {
    const inTmux = { env: { ...env, TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0' } };
    const calm = { 'escape-time': '20', 'bell-action': 'any', 'default-terminal': 'tmux-256color' };
    expect(await look(inTmux, calm)).toEqual([expect.stringMatching(/^ok /)]);
    const hurting = { 'escape-time': '500\n', 'bell-action': 'none\n', 'default-terminal': 'xterm-256color\n' };
    expect(await look(inTmux, hurting)).toEqual([
      'warn tmux holds the Esc key back for 500 ms',
      'warn tmux swallows the bell that the room rings for you',
      expect.stringMatching(/^warn tmux calls itself xterm-256color/),
    ]);
    expect(await look({ env }, hurting)).toEqual([expect.stringMatching(/^ok /)]);
    expect(await look(inTmux)).toEqual([expect.stringMatching(/^ok /)]);
  });
});
