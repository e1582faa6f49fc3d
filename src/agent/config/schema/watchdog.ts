// Owns the shape of watchdog.yaml: whom the watchdog pages when the agent is silent, and which address the agent tells that it is well.
import * as z from 'zod/mini';
import { HOUR, SECOND } from '../../../incident/time.ts';
import { duration, fields, listOf, secret, text } from './fields.ts';

const names = (what: string) =>
  z.optional(
    z.nullable(
      listOf(text(`the name of a ${what}`), `expected a list of ${what}s`).check(
        z.maxLength(50, { error: 'expected at most 50' }),
      ),
    ),
  );

const heartbeat = fields({
  url: secret,
  every: z.optional(duration({ leastMs: 5 * SECOND, mostMs: HOUR, example: '30s' })),
});

export const watchdogSchema = fields({
  silentAfter: z.optional(duration({ leastMs: 5 * SECOND, mostMs: HOUR, example: '30s' })),
  repeatEvery: z.optional(duration({ leastMs: 30 * SECOND, mostMs: 24 * HOUR, example: '5min' })),
  contacts: names('contact'),
  sinks: names('sink'),
  heartbeat: z.optional(z.nullable(heartbeat)),
});

export type WatchdogFile = z.output<typeof watchdogSchema>;
