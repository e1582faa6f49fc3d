// Owns how often a stranger may try: wrong tokens are counted by address, and beyond a few nothing more from there is looked at for a while.
import { MINUTE } from '../../incident/time.ts';

export interface FailedLogins {
  /** How long an address has to wait until it is looked at again; zero for none. */
  waitMs(address: string): number;
  failed(address: string): void;
  close(): void;
}

export interface FailedLoginsParts {
  /** Of this machine, and never set back. */
  readonly elapsedMs: () => number;
  /** Told at most once a minute: how many wrong tokens there were, and from where the last one came. */
  readonly tell: (count: number, address: string) => void;
  readonly mostAddresses?: number;
}

const MOST_IN_A_WINDOW = 10;
const WINDOW_MS = MINUTE;
const MOST_ADDRESSES = 10_000;

export const createFailedLogins = ({
  elapsedMs,
  tell,
  mostAddresses = MOST_ADDRESSES,
}: FailedLoginsParts): FailedLogins => {
  const windows = new Map<string, { readonly startedMs: number; readonly count: number }>();
  let untold: { readonly count: number; readonly address: string } | null = null;
  let quiet: NodeJS.Timeout | null = null;

  const tellNow = (): void => {
    quiet = null;
    if (untold === null) return;
    tell(untold.count, untold.address);
    untold = null;
    quiet = setTimeout(tellNow, MINUTE).unref();
  };

  const windowOf = (key: string) => {
    const window = windows.get(key);
    if (window === undefined || elapsedMs() - window.startedMs < WINDOW_MS) return window;
    windows.delete(key);
    return undefined;
  };

  return {
    waitMs: (address) => {
      const window = windowOf(networkOf(address));
      return window === undefined || window.count < MOST_IN_A_WINDOW
        ? 0
        : Math.max(1, window.startedMs + WINDOW_MS - elapsedMs());
    },
    failed: (address) => {
      const key = networkOf(address);
      const window = windowOf(key) ?? { startedMs: elapsedMs(), count: 0 };
      // The oldest goes first: who comes from ever new addresses costs memory for so many and no more.
      if (!windows.has(key) && windows.size >= mostAddresses) windows.delete(windows.keys().next().value ?? '');
      windows.set(key, { ...window, count: window.count + 1 });
      untold = { count: (untold?.count ?? 0) + 1, address };
      if (quiet === null) tellNow();
    },
    close: () => {
      if (quiet !== null) clearTimeout(quiet);
    },
  };
};

/** One host has a whole /64 of IPv6 to itself. */
const networkOf = (address: string): string => {
  if (!address.includes(':') || address.toLowerCase().startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...(address.includes('::') ? zeros : []), ...after].slice(0, 4).join(':');
};
