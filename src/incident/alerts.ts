// Owns the alerts of an incident: thousands of them, folded by key, in drawers within drawers, so that one more copies a few dozen entries.
import { own } from './own.ts';
import type { JoinedAlert } from './state.ts';

type Level<Below> = Readonly<Record<string, Below>>;

export type Alerts = Level<Level<Level<Level<JoinedAlert>>>>;

export const noAlerts: Alerts = {};

/** Two sources may use the same fingerprint for different things. */
export const alertKey = (alert: { readonly source: string; readonly fingerprint: string }): string =>
  `${alert.source}/${alert.fingerprint}`;

export const alertIn = (alerts: Alerts, key: string): JoinedAlert | undefined => {
  const [first, second, third] = drawersOf(key);
  const drawer = alerts[first]?.[second]?.[third];
  return drawer === undefined ? undefined : own(drawer, key);
};

export const withAlert = (alerts: Alerts, key: string, alert: JoinedAlert): Alerts => {
  const [first, second, third] = drawersOf(key);
  const outer = alerts[first];
  const inner = outer?.[second];
  return { ...alerts, [first]: { ...outer, [second]: { ...inner, [third]: { ...inner?.[third], [key]: alert } } } };
};

/** All of them, in the order in which they joined. */
export const alertsIn = (alerts: Alerts): readonly JoinedAlert[] =>
  Object.values(alerts)
    .flatMap((outer) => Object.values(outer))
    .flatMap((inner) => Object.values(inner))
    .flatMap((drawer) => Object.values(drawer))
    .sort((a, b) => a.ordinal - b.ordinal);

const DRAWERS = 8;

// Measured with 10,000 alerts: three levels of eight cost a tenth of one level of sixty-four.
const drawersOf = (key: string): readonly [string, string, string] => {
  const hash = hashOf(key);
  return [
    `d${hash % DRAWERS}`,
    `d${Math.floor(hash / DRAWERS) % DRAWERS}`,
    `d${Math.floor(hash / DRAWERS ** 2) % DRAWERS}`,
  ];
};

// FNV-1a over the UTF-16 units: spread evenly, the same everywhere.
const hashOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
};
