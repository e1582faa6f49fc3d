// Owns the shape of server.yaml: where the agent listens, with which certificate, and by which names it may be called.
import * as z from 'zod/mini';
import { count, fields, flag, listOf } from './fields.ts';

const AN_ADDRESS = 'expected a name or an address to listen on, such as 127.0.0.1 or 0.0.0.0';
const A_FILE = 'expected the path of a file';
const A_NAME = 'expected a host name such as warroom.example.org, without a port';
const A_MODE = 'expected the permissions of a file in quotes, such as "0600" or "0660"';

const file = z.string({ error: A_FILE }).check(z.regex(/^[^\p{Cc}]{1,4096}$/u, { error: A_FILE }));

const tls = fields({
  certificate: file,
  key: file,
  clientCertificates: z.optional(z.nullable(fields({ ca: file, required: z.optional(flag) }))),
});

const socket = z.union(
  [
    flag,
    z.strictObject({
      path: z.optional(file),
      mode: z.optional(z.string({ error: A_MODE }).check(z.regex(/^0?[0-7]{3}$/, { error: A_MODE }))),
    }),
  ],
  { error: 'expected true, false, or {path, mode} with the mode in quotes, such as "0660"' },
);

export const serverSchema = fields({
  host: z.optional(
    z.string({ error: AN_ADDRESS }).check(z.regex(/^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$/, { error: AN_ADDRESS })),
  ),
  port: z.optional(count({ least: 0, most: 65_535 })),
  tls: z.optional(z.nullable(tls)),
  hosts: z.optional(
    z.nullable(
      listOf(
        z.string({ error: A_NAME }).check(z.regex(/^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})$/, { error: A_NAME })),
        'expected a list of host names',
      ),
    ),
  ),
  socket: z.optional(z.nullable(socket)),
});

export type ServerFile = z.output<typeof serverSchema>;
