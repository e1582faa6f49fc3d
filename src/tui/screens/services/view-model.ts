// Owns what the list of services shows: those of the shown incident first, then by trouble, then by name.
import type { RoomView } from '../../../client/room-client.ts';
import { matches } from '../../../incident/filter.ts';
import { own } from '../../../incident/own.ts';
import type { Reading, Signals } from '../../../incident/signals.ts';
import type { Incident } from '../../../incident/state.ts';
import { plural } from '../../format.ts';
import { rememberedWith } from '../../remembered.ts';
import { openIncidents } from '../../select.ts';
import { strangersIn } from '../room/shown-signals.ts';
import {
  type CheckWord,
  type Configured,
  checkWords,
  errorsOf,
  type ServiceLine,
  serviceLine,
} from '../room/signals-model.ts';
import { type SilenceLine, silenceNow, silenceOf } from '../room/silence-model.ts';
import type { ScreenMoment } from '../screen.ts';
import { minuteOf } from '../time-words.ts';

export type Trouble = 'above its limit' | 'check fails' | 'unknown' | 'none';

/** The worst first. */
const TROUBLES: readonly Trouble[] = ['above its limit', 'check fails', 'unknown', 'none'];

export interface ServiceRow extends ServiceLine {
  readonly isOwn: boolean;
  /** Its error ratio should be known, and is not. */
  readonly isMissed: boolean;
  /** What its checks and silences come to, in few words. */
  readonly note: string;
  readonly noteTone: 'loud' | 'warn' | 'dim';
}

/** All that is known of the marked one. */
export interface ServiceFoot {
  readonly title: string;
  readonly checks: readonly CheckWord[];
  readonly silence: SilenceLine | null;
  readonly unknown: string | null;
  readonly incidents: string | null;
}

type Of = Pick<ScreenMoment, 'view' | 'incident'>;

/** Nobody asked it anything, or nothing asks how it does: no trouble, and no good news either. */
const isMissed = (reading: Reading | undefined): boolean =>
  reading === undefined || (!reading.known && reading.why !== 'idle' && reading.why !== 'not-configured');

const troubleIn = (all: Signals, configured: Configured, service: string): Trouble => {
  const signals = own(all, service);
  const reading = signals?.reading.errorRatio;
  const limit = own(configured, service)?.errorRatioLimit ?? null;
  if (reading?.known && limit !== null && reading.value >= limit) return 'above its limit';
  const checks = signals?.checks ?? [];
  if (checks.some(({ state }) => state === 'down')) return 'check fails';
  return isMissed(reading) || checks.some(({ state }) => state === 'unknown') ? 'unknown' : 'none';
};

interface Listing {
  readonly view: RoomView;
  readonly incident: Incident | null;
  readonly now: number;
  readonly filter: string;
}

type Named = readonly string[];

const none: Named = [];

const byName = rememberedWith(
  (configured: Configured, strangers: Named): Named => [...Object.keys(configured), ...strangers].sort(),
);

/** Those of the incident first, the others by trouble and then by name. */
const allListed = rememberedWith((signals: Signals, configured: Configured, first: Named) => {
  const troubles = { 'above its limit': [], 'check fails': [], unknown: [], none: [] } as Record<Trouble, string[]>;
  for (const service of byName(configured, strangersIn(signals, configured)))
    troubles[troubleIn(signals, configured, service)].push(service);
  const isFirst = new Set(first);
  const byTrouble = TROUBLES.flatMap((trouble) => troubles[trouble]);
  return { listed: [...isFirst, ...byTrouble.filter((service) => !isFirst.has(service))], troubles };
});

const allOf = ({ view: { signals, policy }, incident }: Pick<Listing, 'view' | 'incident'>) =>
  allListed(signals, policy.services, incident?.services ?? none);

/** Every service that is configured or heard of, in the order shown. */
export const servicesListed = (listing: Listing): Named => {
  const { listed } = allOf(listing);
  return listing.filter === '' ? listed : found(listed, listing.view, listing.filter, listing.now);
};

const found = rememberedWith(
  (listed: Named, view: RoomView, filter: string, now: number): Named =>
    listed.filter((service) => matches(filter, searchable(view, service, now))),
);

/** How many there are, and how many in each trouble. */
export const troublesIn = (listing: Pick<Listing, 'view' | 'incident'>): Readonly<Record<Trouble | 'all', number>> => {
  const { listed, troubles } = allOf(listing);
  return {
    all: listed.length,
    'above its limit': troubles['above its limit'].length,
    'check fails': troubles['check fails'].length,
    unknown: troubles.unknown.length,
    none: troubles.none.length,
  };
};

/** What is on its row and more: its environment, its checks, its trouble in a word. */
const searchable = (view: RoomView, service: string, now: number): string => {
  const trouble = troubleIn(view.signals, view.policy.services, service);
  const card = own(view.policy.services, service);
  const checks = own(view.signals, service)?.checks ?? [];
  return [
    service,
    trouble === 'none' ? '' : trouble,
    card?.core ? 'core' : '',
    card?.environment.name ?? '',
    card?.environment.production ? 'prod production' : '',
    silenceNow(view.room, service, now) === null ? '' : 'silenced muted',
    ...checks.map(({ name, state }) => `${name} ${state === 'down' ? 'fails' : state}`),
  ].join(' ');
};

export const serviceRowOf = ({ view, incident, now }: Of & { readonly now: number }, service: string): ServiceRow => ({
  ...serviceLine(view, service, { now, incident }),
  isOwn: incident?.services.includes(service) ?? false,
  isMissed: isMissed(own(view.signals, service)?.reading.errorRatio),
  ...noteOf(view, service, now),
});

const noteOf = (view: RoomView, service: string, now: number): Pick<ServiceRow, 'note' | 'noteTone'> => {
  const checks = own(view.signals, service)?.checks ?? [];
  const failing = checks.filter(({ state }) => state === 'down');
  const silence = silenceNow(view.room, service, now);
  const muted = silence === null ? [] : [`muted till ${minuteOf(silence.endsAt, now)}`];
  const unknown = checks.filter(({ state }) => state === 'unknown').length;
  const words = [
    ...failing.map(({ name }) => `${name} FAILS`),
    ...muted,
    ...(unknown === 0 ? [] : [`${plural(unknown, 'check')} unknown`]),
  ];
  if (words.length === 0)
    return { note: checks.length === 0 ? 'no checks' : `${plural(checks.length, 'check')} ok`, noteTone: 'dim' };
  return { note: words.join(', '), noteTone: failing.length > 0 ? 'loud' : 'warn' };
};

export const serviceFoot = (
  { view, now }: { readonly view: RoomView; readonly now: number },
  service: string,
): ServiceFoot => {
  const card = own(view.policy.services, service);
  const reading = own(view.signals, service)?.reading.errorRatio;
  const place =
    card === undefined ? 'not configured' : `${card.environment.production ? 'PROD ' : ''}${card.environment.name}`;
  return {
    title: [service, ...(card?.core ? ['core'] : []), place].join(', '),
    checks: checkWords(view, [service], now),
    silence: silenceOf(view, service, now),
    unknown: isMissed(reading) ? errorsOf(view, service).unknownReason : null,
    incidents: incidentsOf(openIncidents(view.room), service),
  };
};

const incidentsOf = (open: readonly Incident[], service: string): string | null => {
  const its = open.filter(({ services }) => services.includes(service));
  return its.length === 0 ? null : its.map(({ id, severity, title }) => `${severity} ${id} ${title}`).join('; ');
};
