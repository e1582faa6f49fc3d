// Owns the list of configuration files and the schema of each.
import { actionsSchema } from './actions.ts';
import { alertsSchema } from './alerts.ts';
import { escalationSchema } from './escalation.ts';
import { notificationsSchema } from './notifications.ts';
import { rolesSchema } from './roles.ts';
import { serverSchema } from './server.ts';
import { servicesSchema } from './services.ts';
import { severitySchema } from './severity.ts';
import { watchdogSchema } from './watchdog.ts';

export const SCHEMAS = {
  'services.yaml': servicesSchema,
  'severity.yaml': severitySchema,
  'escalation.yaml': escalationSchema,
  'roles.yaml': rolesSchema,
  'actions.yaml': actionsSchema,
  'notifications.yaml': notificationsSchema,
  'alerts.yaml': alertsSchema,
  'server.yaml': serverSchema,
  'watchdog.yaml': watchdogSchema,
} as const;

export type FileName = keyof typeof SCHEMAS;

export const FILE_NAMES = Object.keys(SCHEMAS) as readonly FileName[];
