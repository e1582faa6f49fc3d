// Owns the shape of actions.yaml: the containments a team has prepared.
import * as z from 'zod/mini';
import { HOUR, MINUTE, SECOND } from '../../../incident/time.ts';
import { addressTemplate, duration, fields, headers, listOf, named, oneOf, text } from './fields.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const call = {
  method: z.optional(oneOf(METHODS)),
  url: addressTemplate,
  headers: z.optional(headers),
};

const change = fields({ ...call, body: z.optional(z.unknown()) });

export const DRIVERS = ['http'] as const;

const action = fields({
  title: z.optional(text('a title')),
  driver: z.enum(DRIVERS, { error: `drivers: ${DRIVERS.join(', ')}` }),
  confirm: z.optional(oneOf(['none', 'key', 'typed', 'two-person'])),
  expires: z.optional(z.nullable(duration({ leastMs: SECOND, mostMs: 30 * 24 * HOUR, example: '1h' }))),
  touches: z.optional(listOf(text('what the action touches'), 'expected a list of what the action touches')),
  timeout: z.optional(duration({ leastMs: 50, mostMs: 5 * MINUTE, example: '5s' })),
  read: fields(call),
  apply: change,
  undo: change,
  pointer: z.optional(
    z
      .string({ error: 'expected a JSON pointer such as /spec/replicas' })
      .check(z.regex(/^(?:\/(?:[^~/]|~[01])*)*$/, { error: 'expected a JSON pointer such as /spec/replicas' })),
  ),
  set: z.unknown(),
});

export const actionsSchema = fields({
  actions: z.optional(z.nullable(named('the name of an action', action))),
});

export type ActionsFile = z.output<typeof actionsSchema>;
export type ActionEntry = z.output<typeof action>;
