// Owns the shape of services.yaml: what is watched, and how.
import * as z from 'zod/mini';
import { HOUR, MINUTE, SECOND } from '../../../incident/time.ts';
import {
  address,
  count,
  duration,
  fields,
  flag,
  headers,
  hostAndPort,
  labelName,
  listOf,
  named,
  selector,
  text,
} from './fields.ts';

const window = duration({ leastMs: SECOND, mostMs: HOUR, example: '1m' });
const every = duration({ leastMs: 100, mostMs: MINUTE, example: '2s' });
const timeout = duration({ leastMs: 50, mostMs: MINUTE, example: '2s' });
const answersInARow = count({ least: 1, most: 100 });

const environment = fields({ name: text('the name of an environment'), production: flag });

const selectors = {
  requests: z.optional(selector),
  errors: z.optional(selector),
  latency: z.optional(selector),
};

const prometheus = {
  url: z.optional(address),
  window: z.optional(window),
  pollEvery: z.optional(every),
  serviceLabel: z.optional(labelName),
  timeout: z.optional(timeout),
  staleAfter: z.optional(duration({ leastMs: SECOND, mostMs: HOUR, example: '30s' })),
  headers: z.optional(headers),
};

const status = count({ least: 100, most: 599 });

const checkTiming = {
  every: z.optional(every),
  timeout: z.optional(timeout),
  rise: z.optional(answersInARow),
  fall: z.optional(answersInARow),
};

const check = fields({
  name: text('the name of a check'),
  http: z.optional(address),
  tcp: z.optional(hostAndPort),
  expectStatus: z.optional(
    z.union([status, z.tuple([status, status])], {
      error: 'expected a status such as 200, or the first and last of a range such as [200, 299]',
    }),
  ),
  ...checkTiming,
});

const service = fields({
  core: z.optional(flag),
  dependsOn: z.optional(listOf(z.string({ error: 'expected the name of a service' }), 'expected a list of services')),
  runbook: z.optional(address),
  dashboards: z.optional(named('the title of a dashboard', address)),
  ...selectors,
  prometheus: z.optional(fields({ ...prometheus, labelValue: z.optional(text('the value of the service label')) })),
  scrape: z.optional(
    listOf(address, 'expected a list of /metrics addresses, one for each replica').check(
      z.minLength(1, { error: 'expected at least one address' }),
    ),
  ),
  checks: z.optional(listOf(check, 'expected a list of checks')),
  escalation: z.optional(z.string({ error: 'expected the name of a ladder' })),
  actions: z.optional(listOf(z.string({ error: 'expected the name of an action' }), 'expected a list of actions')),
  environment: z.optional(environment),
});

export const servicesSchema = fields({
  defaults: z.optional(
    fields({
      prometheus: z.optional(fields(prometheus)),
      scrape: z.optional(
        fields({
          window: z.optional(window),
          every: z.optional(every),
          timeout: z.optional(timeout),
          serviceLabel: z.optional(labelName),
        }),
      ),
      checks: z.optional(fields(checkTiming)),
      environment: z.optional(environment),
      ...selectors,
    }),
  ),
  services: z.optional(z.nullable(named('the name of a service', z.nullable(service)))),
});

export type ServicesFile = z.output<typeof servicesSchema>;
export type ServiceDefaults = NonNullable<ServicesFile['defaults']>;
export type ServiceEntry = z.output<typeof service>;
export type CheckEntry = z.output<typeof check>;
