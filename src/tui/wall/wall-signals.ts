// Owns the signals of the wall as plain lines, so that every text in them can be made drawable before it is laid out.
import type { Signals } from '../screens/room/shown-signals.ts';
import type { CheckWord, ServiceLine } from '../screens/room/signals-model.ts';
import { badnessOf } from './worst-first.ts';

export interface WallSignals {
  readonly services: readonly ServiceLine[];
  /** How many of `services`, from the first, are of the incident. */
  readonly ownServices: number;
  readonly checks: readonly CheckWord[];
}

export const wallSignals = ({ services, ownServices, checks, lineOf }: Signals): WallSignals => ({
  services: services.map(lineOf),
  ownServices,
  checks,
});

/** As the rows of the room take them: by place, as names that were made drawable may have become one. */
export const shownSignals = ({ services: lines, ownServices, checks }: WallSignals): Signals => {
  const services = lines.map((_, place) => `${place}`);
  const lineOf = (place: string): ServiceLine => {
    const line = lines[Number(place)];
    if (line === undefined) throw new Error(`there is no service ${place} on the wall`);
    return line;
  };
  const having = (badness: number): readonly string[] =>
    services.filter((place) => badnessOf(lineOf(place)) === badness);
  const standings = () => ({ above: having(2), unknown: having(1), idle: 0, fine: having(0) });
  return { services, ownServices, checks, lineOf, errorsOf: lineOf, standings };
};
