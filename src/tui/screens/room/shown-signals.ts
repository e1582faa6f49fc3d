// Owns which services are shown beside an incident or in a calm room, and in which order; how each does, for those in view.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import type { Incident } from '../../../incident/state.ts';
import { rememberedWith } from '../../remembered.ts';
import {
  type CheckWord,
  type Configured,
  checkWords,
  type Errors,
  errorsOf,
  type ServiceLine,
  serviceLine,
  standingOf,
} from './signals-model.ts';

export interface Signals {
  /** In the order shown. */
  readonly services: readonly string[];
  /** How many of `services`, from the first, are of the incident. */
  readonly ownServices: number;
  readonly checks: readonly CheckWord[];
  /** Made for what is in view alone. */
  readonly lineOf: (service: string) => ServiceLine;
  readonly errorsOf: (service: string) => Errors & { readonly service: string };
  /** All of `services`, by how they do. */
  readonly standings: () => Standings;
}

/** Who is above the limit, unknown or fine, each in the order shown; the idle ones are among the unknown. */
export interface Standings {
  readonly above: readonly string[];
  readonly unknown: readonly string[];
  readonly idle: number;
  readonly fine: readonly string[];
}

export const signalsOf = (view: RoomView, incident: Incident | null, now: number): Signals => {
  const first = incident?.services ?? none;
  const { policy, signals } = view;
  const services = namesFrom(policy.services, first, strangersIn(signals, policy.services));
  return {
    services,
    ownServices: first.length,
    checks: checkWords(view, incident === null ? services : first, now),
    lineOf: (service) => serviceLine(view, service, { now, incident }),
    errorsOf: (service) => ({ service, ...errorsOf(view, service) }),
    standings: () => standingsIn(services, signals, policy.services),
  };
};

/** The same of fewer services, all of them the incident's or none. */
export const signalsOfFewer = (signals: Signals, view: RoomView, services: readonly string[]): Signals => ({
  ...signals,
  services,
  ownServices: services.length,
  standings: () => standingsIn(services, view.signals, view.policy.services),
});

const none: readonly string[] = [];

/** Those with numbers that the configuration has not. */
export const strangersIn = rememberedWith((signals: RoomView['signals'], services: Configured): readonly string[] => {
  const strangers = Object.keys(signals).filter((service) => own(services, service) === undefined);
  return strangers.length === 0 ? none : strangers;
});

/** The first ones, what they stand on, then all others. */
const namesFrom = rememberedWith(
  (configured: Configured, first: readonly string[], strangers: readonly string[]): readonly string[] => [
    ...new Set([...first, ...dependenciesOf(configured, first), ...Object.keys(configured), ...strangers]),
  ],
);

/** What these services stand on, the nearest first. */
const dependenciesOf = (configured: Configured, services: readonly string[]): readonly string[] => {
  const found = new Set(services);
  // A set goes on to what is added while it is walked.
  for (const service of found) for (const one of own(configured, service)?.dependsOn ?? []) found.add(one);
  return [...found];
};

const standingsIn = rememberedWith(
  (services: readonly string[], signals: RoomView['signals'], configured: Configured): Standings => {
    const found = { above: [], unknown: [], fine: [] } as Record<'above' | 'unknown' | 'fine', string[]>;
    let idle = 0;
    for (const service of services) {
      const standing = standingOf(signals, configured, service);
      if (standing === 'idle') idle += 1;
      found[standing === 'idle' ? 'unknown' : standing].push(service);
    }
    return { ...found, idle };
  },
);
