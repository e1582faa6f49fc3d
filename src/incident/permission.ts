// Owns who may do what: the permission that each command of a person needs.
import type { Command, PersonCommand } from './commands.ts';
import { own } from './own.ts';

/** Each includes those before it. */
export const PERMISSIONS = ['viewer', 'responder', 'commander'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Looking needs no command: a viewer has none. What decides for others, or for good, is the commander's. */
const NEEDED: { readonly [Type in PersonCommand['type']]: Permission } = {
  declare: 'responder',
  'report-alert': 'responder',
  'set-severity': 'responder',
  'enter-phase': 'responder',
  'claim-role': 'responder',
  'release-role': 'responder',
  'assign-role': 'responder',
  'set-duty': 'responder',
  silence: 'commander',
  'lift-silence': 'commander',
  'test-contact': 'responder',
  acknowledge: 'responder',
  'add-note': 'responder',
  'correct-note': 'responder',
  retitle: 'responder',
  'change-services': 'responder',
  'set-people': 'commander',
  contain: 'responder',
  arm: 'responder',
  disarm: 'responder',
  confirm: 'responder',
  undo: 'responder',
  'let-go': 'commander',
  resolve: 'responder',
  reopen: 'responder',
  close: 'commander',
};

/** The permission a command needs; null for one that no person gives. Only a commander takes the command of an incident. */
export const permissionFor = (command: Command): Permission | null => {
  const takesCommand = command.type === 'claim-role' || command.type === 'assign-role';
  return takesCommand && command.role === 'commander' ? 'commander' : (own<Permission>(NEEDED, command.type) ?? null);
};

/** Null is no permission at all. */
export const includes = (held: Permission | null, needed: Permission): boolean =>
  held !== null && PERMISSIONS.indexOf(held) >= PERMISSIONS.indexOf(needed);
