// Owns the shape of actions.yaml: the containments a team has prepared.
import * as z from 'zod/mini';
import { HOUR, MINUTE, SECOND } from '../../../incident/time.ts';
import { addressTemplate, duration, fields, headers, listOf, named, oneOf, secret, text } from './fields.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const call = {
  method: z.optional(oneOf(METHODS)),
  url: addressTemplate,
  headers: z.optional(headers),
};

const change = fields({ ...call, body: z.optional(z.unknown()) });

const LONGEST_ARGUMENT = 8_000;
const A_COMMAND =
  'expected a list, the program and each argument apart: [flagctl, set, "{service}"]; nothing passes through a shell';
const AN_ARGUMENT = `expected text in quotes, up to ${LONGEST_ARGUMENT} characters`;

const argument = z
  .string({ error: AN_ARGUMENT })
  .check(z.regex(new RegExp(`^[^\\0]{0,${LONGEST_ARGUMENT}}$`, 's'), { error: AN_ARGUMENT }));

const command = fields({
  run: z
    .array(argument, { error: A_COMMAND })
    .check(z.minLength(1, { error: A_COMMAND }), z.maxLength(200, { error: 'expected at most 200 arguments' })),
});

const environment = z.record(
  z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: 'expected the name of an environment variable' })),
  secret,
  {
    error: (issue) =>
      issue.code === 'invalid_key'
        ? 'expected the name of an environment variable'
        : 'expected a map of environment variables',
  },
);

const pointer = 'expected a JSON pointer such as /spec/replicas';

const about = {
  title: z.optional(text('a title')),
  confirm: z.optional(oneOf(['none', 'key', 'typed', 'two-person'])),
  expires: z.optional(z.nullable(duration({ leastMs: SECOND, mostMs: 30 * 24 * HOUR, example: '1h' }))),
  touches: z.optional(listOf(text('what the action touches'), 'expected a list of what the action touches')),
  timeout: z.optional(duration({ leastMs: 50, mostMs: 5 * MINUTE, example: '5s' })),
  pointer: z.optional(z.string({ error: pointer }).check(z.regex(/^(?:\/(?:[^~/]|~[01])*)*$/, { error: pointer }))),
  set: z.unknown(),
};

const httpAction = fields({ driver: z.literal('http'), ...about, read: fields(call), apply: change, undo: change });

const execAction = fields({
  driver: z.literal('exec'),
  ...about,
  read: command,
  apply: command,
  undo: command,
  env: z.optional(environment),
});

export const DRIVERS = ['http', 'exec'] as const satisfies readonly ActionEntry['driver'][];

const action = z.discriminatedUnion('driver', [httpAction, execAction], {
  error: (issue) =>
    issue.code === 'invalid_union'
      ? `drivers: ${DRIVERS.join(', ')}`
      : 'expected a map of driver, read, apply, undo, set and what else the driver takes',
});

export const actionsSchema = fields({
  actions: z.optional(z.nullable(named('the name of an action', action))),
});

export type ActionsFile = z.output<typeof actionsSchema>;
export type HttpActionEntry = z.output<typeof httpAction>;
export type ExecActionEntry = z.output<typeof execAction>;
export type ActionEntry = HttpActionEntry | ExecActionEntry;
