// Owns the shape of severity.yaml: how bad is bad, and how soon somebody responds.
import * as z from 'zod/mini';
import { parseDuration } from '../../../incident/duration.ts';
import { readSeverityRule } from '../../../incident/policies/severity-rule.ts';
import { HOUR } from '../../../incident/time.ts';
import { duration, fields, listOf, text } from './fields.ts';

const A_RESPONSE = 'expected immediate, business hours, or a duration such as 15m';

const respond = z.pipe(
  z.string({ error: A_RESPONSE }),
  z.transform((given: string, context): number | 'business-hours' => {
    if (given === 'immediate') return 0;
    if (given === 'business hours') return 'business-hours';
    const ms = parseDuration(given);
    if (ms !== null) return ms;
    context.issues.push({ code: 'custom', message: A_RESPONSE, input: given });
    return z.NEVER;
  }),
);

const A_CONDITION = 'expected a condition such as errorRatio >= 0.1';

const when = z.pipe(
  z.string({ error: A_CONDITION }),
  z.transform((given: string, context) => {
    const read = readSeverityRule(given);
    if (read.ok) return { text: given, condition: read.condition };
    context.issues.push({
      code: 'custom',
      message: `at column ${read.at} of the rule expected ${read.expected}`,
      input: given,
    });
    return z.NEVER;
  }),
);

const RULE_ID = 'expected a short name such as errors-half: small letters, digits and "-"';

const rule = fields({
  id: z.string({ error: RULE_ID }).check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: RULE_ID })),
  when,
  for: z.optional(duration({ leastMs: 0, mostMs: 24 * HOUR, example: '10s' })),
});

const severityClass = fields({
  definition: z.optional(text('a definition')),
  respond,
  rules: z.optional(listOf(rule, 'expected a list of rules')),
});

const RATE = 'expected a number of requests per second from 0 to 1000000';

export const severitySchema = fields({
  classes: fields({ SEV1: severityClass, SEV2: severityClass, SEV3: severityClass, SEV4: severityClass }),
  minimumRequestsPerSecond: z
    .number({ error: RATE })
    .check(z.gte(0, { error: RATE }), z.lte(1_000_000, { error: RATE })),
});

export type SeverityFile = z.output<typeof severitySchema>;
