// Owns what the shop is made of: five services, what each depends on, how many run, how fast they are and how busy.

export const SERVICE_NAMES = ['checkout', 'payments', 'search', 'catalog', 'inventory'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface ServiceSpec {
  readonly name: ServiceName;
  readonly core: boolean;
  readonly dependsOn: readonly ServiceName[];
  readonly method: 'GET' | 'POST';
  /** Instances while nobody has scaled the service. */
  readonly replicas: number;
  /** Requests one instance works on at the same time. */
  readonly concurrency: number;
  /** Mean time of the service's own part of a request. */
  readonly workMs: number;
  /** Share of requests that fail for no reason anybody will ever find. */
  readonly ownErrorRatio: number;
  /** Requests the load generator sends; calls from other services come on top. */
  readonly requestsPerSecond: number;
  /** What runs, and what ran before it. */
  readonly versions: { readonly previous: string; readonly current: string };
}

// Sized so that two instances of each carry the usual load and one alone does not: it queues, then refuses.
export const SERVICE_SPECS: Readonly<Record<ServiceName, ServiceSpec>> = {
  checkout: {
    name: 'checkout',
    core: true,
    dependsOn: ['payments', 'inventory'],
    method: 'POST',
    replicas: 5,
    concurrency: 4,
    workMs: 100,
    ownErrorRatio: 0.001,
    requestsPerSecond: 25,
    versions: { previous: '2026.11.21-4', current: '2026.11.22-2' },
  },
  payments: {
    name: 'payments',
    core: true,
    dependsOn: [],
    method: 'POST',
    replicas: 3,
    concurrency: 2,
    workMs: 75,
    ownErrorRatio: 0.001,
    requestsPerSecond: 3,
    versions: { previous: '2026.11.12-1', current: '2026.11.19-1' },
  },
  search: {
    name: 'search',
    core: false,
    dependsOn: ['catalog'],
    method: 'GET',
    replicas: 3,
    concurrency: 3,
    workMs: 90,
    ownErrorRatio: 0.002,
    requestsPerSecond: 15,
    versions: { previous: '2026.11.17-3', current: '2026.11.20-1' },
  },
  catalog: {
    name: 'catalog',
    core: false,
    dependsOn: [],
    method: 'GET',
    replicas: 3,
    concurrency: 2,
    workMs: 125,
    ownErrorRatio: 0.001,
    requestsPerSecond: 2,
    versions: { previous: '2026.11.10-2', current: '2026.11.18-2' },
  },
  inventory: {
    name: 'inventory',
    core: false,
    dependsOn: [],
    method: 'POST',
    replicas: 3,
    concurrency: 2,
    workMs: 75,
    ownErrorRatio: 0.001,
    requestsPerSecond: 3,
    versions: { previous: '2026.11.16-1', current: '2026.11.18-1' },
  },
};
