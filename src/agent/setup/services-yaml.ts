// Owns writing services.yaml from what was found: every value through the YAML library, every guess with the evidence for it. Pure.
import { Document, isMap, isScalar, type Node, type Pair, stringify } from 'yaml';
import { safeText } from '../../incident/text.ts';
import { MINUTE, SECOND } from '../../incident/time.ts';
import { renderSelector, type Selector, withMatcher } from '../sources/selector.ts';
import type { BareService, Discovery, FoundService } from './discovery.ts';

const MOST_BARE = 50;

/** The text of a services.yaml that loads: what was not found stands in it as a comment that says how to fill it in. */
export const servicesYaml = (discovery: Discovery, writtenAt: string): string => {
  const { services } = discovery;
  const label = mostCommon(services.map((service) => service.label)) ?? 'service';
  const shared = sharedSignals(services);
  const document = new Document({
    defaults: {
      prometheus: {
        url: discovery.url,
        window: durationWords(discovery.windowMs),
        pollEvery: '2s',
        serviceLabel: label,
      },
      ...shared,
    },
    services: Object.fromEntries(services.map((service) => [service.name, entryOf(service, { label, shared })])),
  });
  document.commentBefore = lines([
    `What is watched, as \`warroom init\` found it in the Prometheus at ${discovery.url}, ${writtenAt}.`,
    'Everything here is yours to change: `warroom check-config` reads it, `warroom doctor` tries it.',
  ]);
  comment(pairAt(document, ['defaults', 'prometheus']), [
    'Production asks for the typed name of the target before any containment:',
    'environment: { name: eu-1, production: true }',
  ]);
  comment(pairAt(document, ['services']), [
    '',
    'A service may also have, besides its metrics:',
    '  core: true                        all its checks down is SEV1',
    '  dependsOn: [payments]             a breach joins the open incident of a neighbour',
    '  runbook: https://wiki.example/checkout',
    '  checks:',
    '    - { name: http, http: "https://checkout.example/health" }',
    '    - { name: database, tcp: "db.internal:5432" }',
  ]);
  for (const service of services) describe(document, service);
  const text = document.toString({ lineWidth: 0 });
  return `${text}${bareText(discovery.bare)}`;
};

const durationWords = (ms: number): string => (ms % MINUTE === 0 ? `${ms / MINUTE}m` : `${ms / SECOND}s`);

type Signals = Readonly<Record<'requests' | 'errors' | 'latency', string | null>>;

const signalsOf = ({ requests, errors, latency }: FoundService): Signals => ({
  requests: renderSelector(requests),
  errors: rendered(errors),
  latency: rendered(latency),
});

const rendered = (selector: Selector | null): string | null => (selector === null ? null : renderSelector(selector));

/** What most services have in common is said once. */
const sharedSignals = (services: readonly FoundService[]): Partial<Signals> => {
  if (services.length < 2) return {};
  const common = mostCommon(services.map((service) => JSON.stringify(signalsOf(service))));
  return common === null ? {} : (JSON.parse(common) as Signals);
};

const mostCommon = (words: readonly string[]): string | null => {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, same]) => ({ word, count: same.length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.word ?? null;
};

interface Shared {
  readonly label: string;
  readonly shared: Partial<Signals>;
}

const entryOf = (service: FoundService, { label, shared }: Shared): Readonly<Record<string, unknown>> => {
  const signals = signalsOf(service);
  const own = Object.entries(signals).filter(([name, selector]) => shared[name as keyof Signals] !== selector);
  // Errors of one metric over requests of another are no ratio: the two are written together.
  const isSplit = own.some(([name]) => name === 'requests') !== own.some(([name]) => name === 'errors');
  const written = isSplit
    ? { requests: signals.requests, errors: signals.errors, ...Object.fromEntries(own) }
    : Object.fromEntries(own);
  const place = placeOf(service, label);
  return { ...(place === null ? {} : { prometheus: place }), ...written };
};

const placeOf = ({ name, label, labelValue }: BareService, usual: string): Readonly<Record<string, string>> | null => {
  const place = {
    ...(label === usual ? {} : { serviceLabel: label }),
    ...(labelValue === name ? {} : { labelValue }),
  };
  return Object.keys(place).length === 0 ? null : place;
};

const describe = (document: Document, service: FoundService): void => {
  const { name, label, labelValue, series, requestsPerSecond, requests, errors, latency } = service;
  const rate = requestsPerSecond === null ? 'no rate yet' : `${Number(requestsPerSecond.toPrecision(3))} requests/s`;
  const source = `${series} series of ${requests.name} with ${label}="${labelValue}"`;
  comment(pairAt(document, ['services', name]), [`${rate} in ${source}`]);
  const at = (field: string): Pair | null => pairAt(document, ['services', name, field]);
  const errorsMissing = [
    'Nothing tells failed requests apart, so there is no error rate. Name a counter of failures in place of null:',
    `errors: ${renderSelector(withMatcher(requests, { label: 'status', operator: '=~', value: '5..' }))}`,
  ];
  const latencyMissing = [
    'No latency histogram was found. Name its _bucket series, in seconds, in place of null:',
    'latency: my_request_duration_seconds_bucket',
  ];
  if (errors === null) comment(at('errors'), errorsMissing);
  if (latency === null) comment(at('latency'), latencyMissing);
};

const bareText = (bare: readonly BareService[]): string => {
  if (bare.length === 0) return '';
  const shown = bare.slice(0, MOST_BARE).flatMap((service) => [
    '',
    `${safeText(service.name, 100)} is scraped, and nothing that counts requests was found. Name its metrics, or watch it by checks:`,
    ...stringify(
      {
        [service.name]: {
          prometheus: { serviceLabel: service.label, labelValue: service.labelValue },
          requests: 'my_requests_total',
          errors: 'my_requests_total{status=~"5.."}',
          latency: 'my_request_duration_seconds_bucket',
        },
      },
      { lineWidth: 0 },
    )
      .trimEnd()
      .split('\n'),
  ]);
  const left = bare.length - MOST_BARE;
  return [...shown, ...(left > 0 ? ['', `and ${left} more`] : [])]
    .map((line) => (line === '' ? '\n' : `  # ${line}\n`))
    .join('');
};

/** Comments hold words from outside: one line each, whatever they held. */
const lines = (texts: readonly string[]): string =>
  texts
    .map((text) => (text === '' ? '' : ` ${' '.repeat(text.length - text.trimStart().length)}${safeText(text, 1_000)}`))
    .join('\n');

const comment = (pair: Pair | null, texts: readonly string[]): void => {
  if (pair === null) return;
  const [first, ...rest] = texts;
  (pair.key as Node).commentBefore = lines(first === '' ? rest : texts);
  if (first === '') (pair.key as Node).spaceBefore = true;
};

const pairAt = (document: Document, path: readonly string[]): Pair | null => {
  let found: Pair | null = null;
  let inner: unknown = document.contents;
  for (const step of path) {
    if (!isMap(inner)) return null;
    found = inner.items.find(({ key }) => isScalar(key) && key.value === step) ?? null;
    inner = found?.value;
  }
  return found;
};
