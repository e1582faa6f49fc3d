// Owns what the room says beside its screen: the window's title, and the bell for what concerns this person.
import type { RoomView } from '../client/room-client.ts';
import { shortIncidentId } from '../incident/references.ts';
import { safeText } from '../incident/text.ts';
import { concernsMe } from './concerns-me.ts';
import { openIncidents } from './select.ts';
import { cut } from './width.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface TerminalSignalsOptions {
  readonly write: (text: string) => void;
  readonly env: Env;
  /** A steady clock of this machine, milliseconds. */
  readonly localNow: () => number;
}

export interface TerminalSignals {
  /** Keeps the terminal's own title for later, and sets ours. */
  begin(view: RoomView): void;
  changed(before: RoomView, after: RoomView): void;
  /** Gives the title back. */
  end(): void;
}

const WIDEST_TITLE = 60;
const BELL_EVERY_MS = 10_000;
const BELL = '\u0007';
const KEEP_TITLE = '\u001b[22;2t';
const GIVE_TITLE_BACK = '\u001b[23;2t';

/** Writes only what changed: a quiet room costs no byte. */
export const terminalSignals = ({ write, env, localNow }: TerminalSignalsOptions): TerminalSignals => {
  const { hasTitle, hasBell } = wantedSignals(env);
  let title: string | null = null;
  let rangAtMs = Number.NEGATIVE_INFINITY;

  const entitle = (view: RoomView): void => {
    const next = titleOf(view);
    if (!hasTitle || next === title) return;
    title = next;
    write(`\u001b]2;${next}\u001b\\`);
  };

  return {
    begin: (view) => {
      if (hasTitle) write(KEEP_TITLE);
      entitle(view);
    },
    changed: (before, after) => {
      if (before.room !== after.room || before.connection !== after.connection) entitle(after);
      if (!hasBell || localNow() - rangAtMs < BELL_EVERY_MS || concernsMe(before, after) === null) return;
      rangAtMs = localNow();
      write(BELL);
    },
    end: () => {
      if (hasTitle) write(GIVE_TITLE_BACK);
    },
  };
};

/** The Linux console knows no titles and would print them. */
const wantedSignals = ({ TERM, WARROOM_TITLE, WARROOM_BELL }: Env) => ({
  hasTitle: TERM !== 'dumb' && TERM !== 'linux' && WARROOM_TITLE !== 'off',
  hasBell: TERM !== 'dumb' && WARROOM_BELL !== 'off',
});

/** The worst open incident in at most 60 cells, harmless to terminals and to tmux, which reads `#[…]` in a title as its own. */
export const titleOf = (view: RoomView): string => {
  const [worst, ...others] = openIncidents(view.room);
  const isLive = view.connection.name === 'live';
  if (worst === undefined) return isLive ? 'warroom' : 'warroom: not connected';
  const more = others.length === 0 ? '' : ` +${others.length}`;
  const words = `${isLive ? '' : 'STALE '}${worst.severity} ${shortIncidentId(worst.id)} ${worst.title}`;
  return `${cut(safeText(words, 200).replace(/#+(?=[[({])/g, ''), WIDEST_TITLE - more.length)}${more}`;
};
