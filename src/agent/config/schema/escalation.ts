// Owns the shape of escalation.yaml: who is paged when, how long an acknowledgement holds, when a team is at work.
import * as z from 'zod/mini';
import { HOUR, SECOND } from '../../../incident/time.ts';
import { duration, fields, flag, listOf, localDate, named, text, wallTime, zone } from './fields.ts';

const contacts = listOf(text('the name of a contact'), 'expected a list of contacts').check(
  z.minLength(1, { error: 'expected at least one contact' }),
);

/** Levels by their time after declaration, and one word that is no time. Times are read once all of the file is known to be sound. */
const ladder = z.catchall(
  z.object(
    { business_hours_only: z.optional(flag) },
    { error: 'expected levels such as initial or 15min, each with a list of contacts' },
  ),
  contacts,
);

const ladders = { sev1: ladder, sev2: ladder, sev3: ladder, sev4: ladder };

const someLadders = {
  sev1: z.optional(ladder),
  sev2: z.optional(ladder),
  sev3: z.optional(ladder),
  sev4: z.optional(ladder),
};

const lease = z.optional(duration({ leastMs: SECOND, mostMs: 7 * 24 * HOUR, example: '10min' }));

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const day = z.enum(DAYS, { error: `expected one of ${DAYS.join(', ')}` });

/** Where a contact is reached, as the team keeps it; this version reaches the webhook by itself. */
export const contactWays = {
  pagerduty: z.optional(text('a PagerDuty service')),
  slack: z.optional(text('a Slack name or id')),
  phone: z.optional(text('a phone number in quotes')),
  email: z.optional(text('an e-mail address')),
};

export const escalationSchema = fields({
  escalation: fields(ladders),
  contacts: z.optional(named('the name of a contact', fields(contactWays))),
  ladders: z.optional(named('the name of a ladder', fields(someLadders))),
  businessHours: z.optional(
    fields({
      zone,
      days: listOf(day, 'expected a list of days such as [mon, tue]').check(
        z.minLength(1, { error: 'expected at least one day' }),
      ),
      from: wallTime,
      to: wallTime,
      holidays: z.optional(
        listOf(localDate, 'expected a list of dates').check(
          z.maxLength(1_000, { error: 'expected at most 1000 dates' }),
        ),
      ),
    }),
  ),
  acknowledgeFor: z.optional(fields({ sev1: lease, sev2: lease, sev3: lease, sev4: lease })),
  armFor: lease,
  reopenWithin: z.optional(duration({ leastMs: 0, mostMs: 7 * 24 * HOUR, example: '30min' })),
  recoveryAfter: z.optional(duration({ leastMs: SECOND, mostMs: 24 * HOUR, example: '60s' })),
});

export type EscalationFile = z.output<typeof escalationSchema>;
export type LadderEntry = z.output<typeof ladder>;
