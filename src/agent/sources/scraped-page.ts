// Owns picking, from one replica's `/metrics` page, the counters a service's signals are made of.
import type { ScrapeWatch } from '../config/config.ts';
import type { Counter, ScrapedCounters } from './counter-window.ts';
import { parseExposition, parseSampleValue, type Sample } from './exposition.ts';
import { readableFilter, readableSelector } from './readable-selector.ts';
import { type Selector, withMatcher } from './selector.ts';
import type { Labels, SeriesFilter } from './series-filter.ts';

export type PageReader = (page: string) => ScrapedPage;

export type ScrapedPage =
  | {
      readonly ok: true;
      readonly counters: ScrapedCounters;
      /** Signals for which a counter of this page is no number. */
      readonly strange: ReadonlySet<keyof ScrapedCounters>;
    }
  | { readonly ok: false; readonly detail: string };

/** Compiles a team's selectors once; throws OperatorError `bad-config` when one cannot be read. */
export const pageReader = (service: string, watch: ScrapeWatch): PageReader => {
  const selectors = {
    requests: readableSelector(service, watch.requests),
    errors: readableSelector(service, watch.errors),
    latency: readableSelector(service, watch.latency),
  };
  const filterOf = (selector: Selector | null): SeriesFilter =>
    selector === null ? () => false : readableFilter(service, narrowed(selector, watch));
  const filters = {
    requests: filterOf(selectors.requests),
    errors: filterOf(selectors.errors),
    latency: filterOf(selectors.latency),
  };
  const configured = Object.values(selectors).filter((selector) => selector !== null);
  const names = new Set(configured.map(({ name }) => name));
  // A selector without a name may want any metric.
  const wants = (name: string): boolean => names.has(null) || names.has(name);
  return (page) => {
    const parsed = parseExposition(page, wants);
    if (!parsed.ok) return { ok: false, detail: `line ${parsed.line}: expected ${parsed.expected}` };
    return pickCounters(parsed.samples, filters);
  };
};

const narrowed = (selector: Selector, { only }: ScrapeWatch): Selector =>
  only === null ? selector : withMatcher(selector, { label: only.label, operator: '=', value: only.value });

const pickCounters = (
  samples: readonly Sample[],
  filters: Readonly<Record<keyof ScrapedCounters, SeriesFilter>>,
): ScrapedPage => {
  const strange = new Set<keyof ScrapedCounters>();
  const seen = new Set<string>();
  const counters = {
    requests: [] as Counter[],
    errors: [] as Counter[],
    latency: [] as ScrapedCounters['latency'][number][],
  };
  const isCount = (signal: keyof ScrapedCounters, value: number): boolean => {
    const good = Number.isFinite(value) && value >= 0;
    if (!good) strange.add(signal);
    return good;
  };
  for (const { name, labels, value } of samples) {
    const wanted = (['requests', 'errors', 'latency'] as const).filter((signal) => filters[signal](name, labels));
    if (wanted.length === 0) continue;
    const series = seriesKey(name, labels);
    if (seen.has(series)) continue;
    seen.add(series);
    for (const signal of wanted) {
      if (!isCount(signal, value)) continue;
      if (signal !== 'latency') counters[signal].push({ series, value });
      else {
        const upperBound = parseSampleValue(labels.le ?? '');
        if (upperBound === null || Number.isNaN(upperBound)) strange.add('latency');
        else counters.latency.push({ series, value, upperBound });
      }
    }
  }
  return { ok: true, counters, strange };
};

const seriesKey = (name: string, labels: Labels): string => JSON.stringify([name, ...Object.entries(labels).sort()]);
