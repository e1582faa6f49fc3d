// Owns the shape of roles.yaml: what each role of the room is there for.
import type * as z from 'zod/mini';
import { fields, listOf, text } from './fields.ts';

const role = fields({
  title: text('the title of the role'),
  responsibilities: listOf(text('a responsibility'), 'expected a list of responsibilities'),
});

export const rolesSchema = fields({
  roles: fields({ commander: role, tech: role, comms: role, scribe: role, 'on-call': role }),
});

export type RolesFile = z.output<typeof rolesSchema>;
