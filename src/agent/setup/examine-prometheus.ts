// Owns trying each configured Prometheus: does it answer, does its clock agree with ours, has it series for what is watched.
import { SECOND } from '../../incident/time.ts';
import type { MetricSelectors, PrometheusWatch, ServiceWatch } from '../config/config.ts';
import type { Asking } from '../sources/ask.ts';
import { clockAheadMs } from '../sources/clock-ahead.ts';
import { readableSelector } from '../sources/readable-selector.ts';
import { anyOf, renderLabel, renderSelector, type Selector, withMatcher } from '../sources/selector.ts';
import { type Finding, failure, fine, namesOf, warning } from './finding.ts';
import { inTurns } from './in-turns.ts';
import { type PrometheusDoor, queryPrometheus } from './prometheus-api.ts';

export const LOOK_WITHIN_MS = 3 * SECOND;
const CLOCKS_AGREE_WITHIN_MS = 2 * SECOND;
const AT_ONCE = 8;

interface Member {
  readonly service: string;
  readonly watch: PrometheusWatch;
}

/** Findings about every Prometheus that services are watched through. */
export const examinePrometheus = async (
  watches: readonly ServiceWatch[],
  asking: Asking,
): Promise<readonly Finding[]> => {
  const members = watches.flatMap(({ service, prometheus }) =>
    prometheus === null ? [] : [{ service, watch: prometheus }],
  );
  const servers = Map.groupBy(members, ({ watch }) => JSON.stringify([watch.url, watch.headers]));
  const found = await Promise.all([...servers.values()].map((its) => examineServer(its, asking)));
  return found.flat();
};

const examineServer = async (members: readonly Member[], asking: Asking): Promise<readonly Finding[]> => {
  const [first] = members;
  if (first === undefined) return [];
  const { url, headers } = first.watch;
  const door: PrometheusDoor = { url, headers, timeoutMs: LOOK_WITHIN_MS };
  const askedAt = asking.clock.now();
  const told = await queryPrometheus(door, 'time()', asking);
  const answeredAt = asking.clock.now();
  if (!told.ok)
    return [
      failure(
        'prometheus',
        `the Prometheus at ${url} does not answer: ${told.detail}`,
        'start it, or correct `prometheus: { url: … }` in services.yaml',
      ),
    ];
  const itsNow = (told.value[0]?.value ?? Number.NaN) * SECOND;
  return [
    fine('prometheus', `the Prometheus at ${url} answers`),
    ...clockFindings(url, itsNow, { askedAt, answeredAt }),
    ...(await signalFindings(members, door, asking)),
  ];
};

const clockFindings = (
  url: string,
  itsNow: number,
  { askedAt, answeredAt }: { readonly askedAt: number; readonly answeredAt: number },
): readonly Finding[] => {
  const aheadMs = clockAheadMs(itsNow, { askedAtMs: askedAt, answeredAtMs: answeredAt });
  if (!Number.isFinite(aheadMs)) return [];
  if (Math.abs(aheadMs) <= CLOCKS_AGREE_WITHIN_MS)
    return [fine('clock', `the clock of the Prometheus at ${url} agrees with this host's`)];
  const how = `${(Math.abs(aheadMs) / SECOND).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
  return [
    warning(
      'clock',
      `the clock of the Prometheus at ${url} is ${how} this host's: readings look too old or too new`,
      'let both hosts follow the same time server',
    ),
  ];
};

type Signal = keyof MetricSelectors;

interface Group {
  readonly signal: Signal;
  readonly selector: Selector;
  readonly label: string;
  readonly members: readonly Member[];
}

const signalFindings = async (
  members: readonly Member[],
  door: PrometheusDoor,
  asking: Asking,
): Promise<readonly Finding[]> => {
  const groups = (['requests', 'errors', 'latency'] as const).flatMap((signal) => groupsOf(members, signal));
  const found = await inTurns(groups, AT_ONCE, (group) => examineGroup(group, door, asking));
  return found.flat();
};

/** Services that ask alike are asked for together. */
const groupsOf = (members: readonly Member[], signal: Signal): readonly Group[] =>
  [...Map.groupBy(members, ({ watch }) => JSON.stringify([watch[signal], watch.serviceLabel])).values()].flatMap(
    (its) => {
      const [first] = its;
      const selector = first === undefined ? null : readableSelector(first.service, first.watch[signal]);
      return first === undefined || selector === null
        ? []
        : [{ signal, selector, label: first.watch.serviceLabel, members: its }];
    },
  );

const examineGroup = async (group: Group, door: PrometheusDoor, asking: Asking): Promise<readonly Finding[]> => {
  const { signal, label, members } = group;
  // A service that never failed may have no series of failures yet: for those it is the metric that must be there.
  const selector = signal === 'errors' ? { ...group.selector, matchers: [] } : group.selector;
  const wanted = withMatcher(
    selector,
    anyOf(
      label,
      members.map(({ watch }) => watch.labelValue),
    ),
  );
  const told = await queryPrometheus(door, `count by (${renderLabel(label)}) (${renderSelector(wanted)})`, asking);
  if (!told.ok)
    return [
      failure(
        'signals',
        `${signal}: ${door.url} does not say: ${told.detail}`,
        'see whether it answers that query by hand',
      ),
    ];
  const there = new Set(told.value.map(({ labels }) => labels[label]));
  const missing = members.filter(({ watch }) => !there.has(watch.labelValue));
  const words = `${signal}: ${renderSelector(selector)}`;
  const count = members.length - missing.length;
  return [
    ...(count === 0 ? [] : [fine('signals', `${words} has series for ${count} of ${counted(members.length)}`)]),
    ...(missing.length === 0 ? [] : [missingFinding(signal, words, { label, missing })]),
  ];
};

const missingFinding = (
  signal: Signal,
  words: string,
  { label, missing }: { readonly label: string; readonly missing: readonly Member[] },
): Finding => {
  const places = missing.map(({ service, watch: { labelValue } }) =>
    labelValue === service ? service : `${service} (${label}="${labelValue}")`,
  );
  const what = `${words} has no series by ${label} for ${namesOf(places)}`;
  const fix = `correct ${signal}, serviceLabel or labelValue in services.yaml; warroom init --dir found shows what there is`;
  return signal === 'requests'
    ? failure('signals', what, fix)
    : warning('signals', what, `${fix}; null switches the signal off`);
};

const counted = (count: number): string => `${count} service${count === 1 ? '' : 's'}`;
