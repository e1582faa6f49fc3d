// Owns a person at a terminal: looks, presses, reads numbers; and at every look nothing is drawn beyond the window.
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { DEAD_TIME_MS } from '../../src/tui/dialog.ts';
import { framed, type Screen, type Terminal, type Wanted } from '../support/pty.ts';

export interface Responder {
  readonly terminal: Terminal;
  /** Waits for it; fails when anything was drawn outside the window. */
  sees(wanted: Wanted, withinMs?: number): Promise<Screen>;
  /** Presses, then waits for what must follow. */
  does(keys: string, wanted: Wanted, withinMs?: number): Promise<Screen>;
  /** Waits as long as a card or a question wants to be looked at, then presses `y` alone. */
  confirms(wanted: Wanted, withinMs?: number): Promise<Screen>;
}

export const responder = (terminal: Terminal): Responder => {
  const sees: Responder['sees'] = async (wanted, withinMs) => {
    const screen = await terminal.waitFor(wanted, withinMs);
    expect(terminal.outgrown(), framed(screen)).toEqual([]);
    return screen;
  };
  const does: Responder['does'] = (keys, wanted, withinMs) => {
    terminal.press(keys);
    return sees(wanted, withinMs);
  };
  return {
    terminal,
    sees,
    does,
    confirms: async (wanted, withinMs) => {
      // Not a guess: by design `y` means nothing before this time has passed.
      await pause(DEAD_TIME_MS + 150);
      return does('y', wanted, withinMs);
    },
  };
};

const numberAfter = (screen: Screen, service: string, label: string): number | null => {
  const row = screen.find((text) => text.trimStart().startsWith(`${service} `) && text.includes(' errors '));
  const found = row === undefined ? null : new RegExp(`${label} +(\\d+(?:\\.\\d+)?) %`).exec(row);
  return found === null ? null : Number(found[1]);
};

/** Percent of failing requests as drawn; null where it is not drawn or unknown. */
export const errorsShown = (screen: Screen, service: string): number | null => numberAfter(screen, service, 'errors');

export const limitShown = (screen: Screen, service: string): number | null => numberAfter(screen, service, 'limit');

export const errorsBelow =
  (service: string, percent: number) =>
  (screen: Screen): boolean =>
    (errorsShown(screen, service) ?? Number.POSITIVE_INFINITY) < percent;

export const errorsAbove =
  (service: string, percent: number) =>
  (screen: Screen): boolean =>
    (errorsShown(screen, service) ?? 0) > percent;

export const errorsBelowLimit =
  (service: string) =>
  (screen: Screen): boolean => {
    const limit = limitShown(screen, service);
    return limit !== null && errorsBelow(service, limit)(screen);
  };

/** All of these are on the screen. */
export const all =
  (...wanted: readonly (string | RegExp)[]) =>
  (screen: Screen): boolean => {
    const text = screen.join('\n');
    return wanted.every((one) => (typeof one === 'string' ? text.includes(one) : one.test(text)));
  };
