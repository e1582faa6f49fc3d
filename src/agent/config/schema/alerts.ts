// Owns the shape of alerts.yaml: who may post alerts, and where in what they send the service, the severity and the rest stand.
import * as z from 'zod/mini';
import { fields, listOf, named, oneOf, text } from './fields.ts';

export const KINDS = ['alertmanager', 'grafana', 'generic'] as const;

const A_POINTER = 'expected a JSON pointer such as /alert/title, or "" for all of it';

const pointer = z
  .string({ error: A_POINTER })
  .check(z.regex(/^(?:\/(?:[^~/]|~[01])*)*$/, { error: A_POINTER }), z.maxLength(500, { error: A_POINTER }));

const maybePointer = z.optional(z.nullable(pointer));

const mapping = fields({
  alerts: maybePointer,
  service: maybePointer,
  severity: maybePointer,
  message: pointer,
  fingerprint: maybePointer,
  status: z.optional(
    z.nullable(
      fields({
        pointer,
        cleared: listOf(text('a word in quotes'), 'expected a list of words such as [resolved, ok]').check(
          z.minLength(1, { error: 'expected at least one word such as resolved' }),
        ),
      }),
    ),
  ),
});

const labels = listOf(text('the name of a label'), 'expected a list of labels').check(
  z.maxLength(20, { error: 'expected at most 20 labels' }),
);

const A_SERVICE = 'expected the name of a service: letters, digits, ".", "_" and "-", at most 63';

const source = fields({
  kind: z.optional(oneOf(KINDS)),
  serviceLabels: z.optional(labels),
  severityLabels: z.optional(labels),
  severities: z.optional(
    z.record(text('a severity of the source'), oneOf(['sev1', 'sev2', 'sev3', 'sev4']), {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? 'expected a severity as the source writes it'
          : 'expected a map such as { blocker: sev1 }',
    }),
  ),
  defaultService: z.optional(
    z.nullable(
      z.string({ error: A_SERVICE }).check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: A_SERVICE })),
    ),
  ),
  mapping: z.optional(mapping),
});

export const alertsSchema = fields({
  sources: z.optional(z.nullable(named('the name of an alert source', z.nullable(source)))),
});

export type AlertsFile = z.output<typeof alertsSchema>;
export type AlertSourceEntry = z.output<typeof source>;
export type AlertMappingEntry = z.output<typeof mapping>;
