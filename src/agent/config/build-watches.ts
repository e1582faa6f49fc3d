// Owns turning services.yaml into what the sources watch: every default in one place.
import { SECOND } from '../../incident/time.ts';
import { fillHeaders } from './build-headers.ts';
import type { CheckWatch, MetricSelectors, PrometheusWatch, ScrapeWatch, ServiceWatch } from './config.ts';
import { DEFAULT_SELECTORS } from './default-selectors.ts';
import type { CheckEntry, ServiceDefaults, ServiceEntry, ServicesFile } from './schema/services.ts';
import type { ReportField, Secrets } from './secrets.ts';

const LEAST_STALE_MS = 30 * SECOND;

interface Parts {
  readonly secrets: Secrets;
  readonly report: ReportField;
}

/** How each service is watched. Where Prometheus is configured for it, its scrape addresses are left aside. */
export const buildWatches = async (file: ServicesFile, parts: Parts): Promise<readonly ServiceWatch[]> => {
  const defaults = file.defaults ?? {};
  const shared = await fillHeaders(defaults.prometheus?.headers, {
    ...parts,
    field: ['defaults', 'prometheus', 'headers'],
  });
  return await Promise.all(
    Object.entries(file.services ?? {}).map(async ([service, given]): Promise<ServiceWatch> => {
      const entry = given ?? {};
      const field = ['services', service, 'prometheus', 'headers'];
      const headers = { ...shared, ...(await fillHeaders(entry.prometheus?.headers, { ...parts, field })) };
      const prometheus = prometheusWatch(service, { entry, defaults, headers });
      return {
        service,
        prometheus,
        scrape: prometheus === null ? scrapeWatch(service, entry, defaults) : null,
        checks: (entry.checks ?? []).map((check) => checkWatch(check, defaults)),
      };
    }),
  );
};

const selectorsOf = (entry: ServiceEntry, defaults: ServiceDefaults): MetricSelectors => ({
  requests: firstGiven(entry.requests, defaults.requests, DEFAULT_SELECTORS.requests),
  errors: firstGiven(entry.errors, defaults.errors, DEFAULT_SELECTORS.errors),
  latency: firstGiven(entry.latency, defaults.latency, DEFAULT_SELECTORS.latency),
});

// Null is an answer: that signal is switched off.
const firstGiven = (
  entry: string | null | undefined,
  outer: string | null | undefined,
  fallback: string,
): string | null => {
  if (entry !== undefined) return entry;
  return outer === undefined ? fallback : outer;
};

interface PrometheusParts {
  readonly entry: ServiceEntry;
  readonly defaults: ServiceDefaults;
  readonly headers: Readonly<Record<string, string>>;
}

const prometheusWatch = (service: string, { entry, defaults, headers }: PrometheusParts): PrometheusWatch | null => {
  const own = entry.prometheus ?? {};
  const given = { ...defaults.prometheus, ...own };
  if (given.url === undefined) return null;
  const windowMs = given.window ?? 60 * SECOND;
  return {
    ...selectorsOf(entry, defaults),
    url: given.url,
    headers,
    windowMs,
    pollEveryMs: given.pollEvery ?? 2 * SECOND,
    timeoutMs: given.timeout ?? 5 * SECOND,
    staleAfterMs: given.staleAfter ?? Math.max(windowMs, LEAST_STALE_MS),
    serviceLabel: given.serviceLabel ?? 'service',
    labelValue: own.labelValue ?? service,
  };
};

const scrapeWatch = (service: string, entry: ServiceEntry, defaults: ServiceDefaults): ScrapeWatch | null => {
  if (entry.scrape === undefined) return null;
  const label = defaults.scrape?.serviceLabel;
  return {
    ...selectorsOf(entry, defaults),
    urls: entry.scrape,
    windowMs: defaults.scrape?.window ?? 60 * SECOND,
    scrapeEveryMs: defaults.scrape?.every ?? SECOND,
    timeoutMs: defaults.scrape?.timeout ?? 2 * SECOND,
    only: label === undefined ? null : { label, value: entry.prometheus?.labelValue ?? service },
  };
};

const checkWatch = (entry: CheckEntry, defaults: ServiceDefaults): CheckWatch => {
  const given = { ...defaults.checks, ...entry };
  const shared = {
    name: given.name,
    everyMs: given.every ?? 5 * SECOND,
    timeoutMs: given.timeout ?? 2 * SECOND,
    rise: given.rise ?? 2,
    fall: given.fall ?? 3,
  };
  if (entry.tcp !== undefined) return { ...shared, kind: 'tcp', ...entry.tcp };
  const status = entry.expectStatus ?? [200, 299];
  return {
    ...shared,
    kind: 'http',
    url: entry.http ?? '',
    expectStatus: typeof status === 'number' ? [status, status] : status,
  };
};
