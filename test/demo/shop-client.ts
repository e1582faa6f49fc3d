// Owns the demo shop as tests use it: fast work, no customers of its own, the same luck every time.

import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { callHttp } from '../../src/demo/shop/http-call.ts';
import type { ScenarioName } from '../../src/demo/shop/scenarios/scenarios.ts';
import type { ServiceName } from '../../src/demo/shop/service-specs.ts';
import { openShop, type Shop, type ShopOptions, type ShopState } from '../../src/demo/shop/shop.ts';

export const openQuietShop = (
  overrides: Partial<Pick<ShopOptions, 'loadFactor' | 'workFactor' | 'sleep' | 'random' | 'clock' | 'plan'>> = {},
): Promise<Shop> =>
  openShop({
    adminPort: null,
    plan: null,
    loadFactor: 0,
    workFactor: 0.005,
    random: withoutMishaps(luckOf(7)),
    ...overrides,
  });

// Never so low that a request fails for no reason; low enough for everything that is likelier.
const withoutMishaps = (luck: () => number) => (): number => 0.01 + 0.99 * luck();

/** The same numbers from 0 up to 1 for the same seed. */
export const luckOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
};

export interface Answer {
  readonly status: number;
  readonly instance: string | null;
  readonly version: string | null;
  readonly body: string;
}

const connections = new Agent({ keepAlive: true });

export const ask = async (shop: Shop, service: ServiceName): Promise<Answer> => {
  const url = new URL(shop.services[service]);
  const result = await callHttp(connections, { url, method: 'GET', timeoutMs: 5_000 });
  if (!result.ok) throw new Error(`${service}: ${result.reason}`);
  const { status, headers, body } = result;
  return { status, instance: textOf(headers['x-instance']), version: textOf(headers['x-version']), body };
};

const textOf = (header: string | readonly string[] | undefined): string | null =>
  typeof header === 'string' ? header : null;

/** Asks `count` times, fifteen at a time unless told otherwise. */
export const askOften = async (
  shop: Shop,
  service: ServiceName,
  { count = 60, atOnce = 15 } = {},
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  while (answers.length < count) {
    answers.push(...(await Promise.all(Array.from({ length: atOnce }, () => ask(shop, service)))));
  }
  return answers;
};

export interface Steadily {
  readonly failureRatio: number;
  readonly p95Ms: number;
}

/** Asks at a steady rate, whatever the answers and however long they take. */
export const askSteadily = async (
  shop: Shop,
  service: ServiceName,
  { perSecond, count }: { readonly perSecond: number; readonly count: number },
): Promise<Steadily> => {
  const asked = Array.from({ length: count }, async (_, turn) => {
    await pause((turn * 1_000) / perSecond);
    const sentAtMs = performance.now();
    const { status } = await ask(shop, service);
    return { status, tookMs: performance.now() - sentAtMs };
  });
  const answers = await Promise.all(asked);
  const times = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const failed = answers.filter(({ status }) => status >= 500).length;
  return { failureRatio: failed / count, p95Ms: times[Math.floor(count * 0.95)] ?? 0 };
};

export const failureRatio = (answers: readonly Answer[]): number =>
  answers.filter((answer) => answer.status >= 500).length / answers.length;

export const putFault = async (shop: Shop, scenario: ScenarioName | null): Promise<void> => {
  await fetch(`${shop.admin}/fault`, { method: 'PUT', body: JSON.stringify({ scenario }) });
};

export const controlUrl = (shop: Shop, service: string, control: string): string =>
  `${shop.admin}/control/${service}/${control}`;

export const readControl = async (shop: Shop, service: ServiceName, control: string) => {
  const response = await fetch(controlUrl(shop, service, control));
  return { document: (await response.json()) as unknown, etag: response.headers.get('etag') ?? '' };
};

/** Writes a document, bound to `etag` where one is given. */
export const putControl = (
  shop: Shop,
  target: { readonly service: ServiceName; readonly control: string; readonly etag?: string },
  document: unknown,
): Promise<Response> =>
  fetch(controlUrl(shop, target.service, target.control), {
    method: 'PUT',
    headers: target.etag === undefined ? {} : { 'if-match': target.etag },
    body: JSON.stringify(document),
  });

export const stateOf = async (shop: { readonly admin: string }): Promise<ShopState> =>
  (await (await fetch(`${shop.admin}/state`)).json()) as ShopState;

/** Requests a service has counted so far. */
export const requestsCounted = async (shop: Shop, service: ServiceName): Promise<number> => {
  const exposition = await (await fetch(`${shop.services[service]}/metrics`)).text();
  return [...exposition.matchAll(/^http_requests_total\{.*\} (\d+)$/gm)].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
};
