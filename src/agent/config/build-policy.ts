// Owns turning the files into the policy that the core decides by.
import type {
  BusinessHours,
  Ladder,
  Policy,
  ServicePolicy,
  SeverityPolicy,
  SeverityRule,
} from '../../incident/policies/policy.ts';
import { HOUR, MINUTE, SECOND } from '../../incident/time.ts';
import { SEVERITIES, type Severity } from '../../incident/words.ts';
import { buildActionPolicies } from './build-actions.ts';
import { channelsOf } from './build-contacts.ts';
import type { ContactAddresses, Sink } from './config.ts';
import { levelDelayMs } from './level-delay.ts';
import type { ActionsFile } from './schema/actions.ts';
import { DAYS, type EscalationFile, type LadderEntry } from './schema/escalation.ts';
import type { NotificationsFile } from './schema/notifications.ts';
import type { RolesFile } from './schema/roles.ts';
import type { ServicesFile } from './schema/services.ts';
import type { SeverityFile } from './schema/severity.ts';

export interface PolicyFiles {
  readonly services: ServicesFile;
  readonly severity: SeverityFile;
  /** The shipped severity.yaml: its definitions stand in for those a team leaves out. */
  readonly shippedSeverity: SeverityFile;
  readonly escalation: EscalationFile;
  readonly actions: ActionsFile;
  readonly roles: RolesFile;
  readonly notifications: NotificationsFile;
  readonly contacts: Readonly<Record<string, ContactAddresses>>;
  readonly sinks: Readonly<Record<string, Sink>>;
}

const LEASES_MS: Readonly<Record<Severity, number>> = {
  SEV1: 10 * MINUTE,
  SEV2: 30 * MINUTE,
  SEV3: 4 * HOUR,
  SEV4: 8 * HOUR,
};
const OFFICE_HOURS: BusinessHours = { zone: 'UTC', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', holidays: [] };
const UNNAMED = { name: 'unnamed', production: false };

export const buildPolicy = (files: PolicyFiles): Policy => {
  const { escalation } = files;
  return {
    services: buildServices(files.services, Object.keys(files.actions.actions ?? {})),
    severities: buildSeverities(files.severity, files.shippedSeverity),
    ladders: buildLadders(escalation),
    businessHours: buildHours(escalation),
    channels: channelsOf(files.contacts, files.notifications),
    sinks: Object.fromEntries(Object.entries(files.sinks).map(([name, { channel }]) => [name, { channel }])),
    responsibilities: {
      commander: files.roles.roles.commander.responsibilities,
      tech: files.roles.roles.tech.responsibilities,
      comms: files.roles.roles.comms.responsibilities,
      scribe: files.roles.roles.scribe.responsibilities,
      'on-call': files.roles.roles['on-call'].responsibilities,
    },
    actions: buildActionPolicies(files.actions),
    acknowledgeForMs: bySeverity((severity) => escalation.acknowledgeFor?.[lowerCase(severity)] ?? LEASES_MS[severity]),
    armForMs: escalation.armFor ?? 30 * SECOND,
    reopenWithinMs: escalation.reopenWithin ?? 30 * MINUTE,
    recoveryAfterMs: escalation.recoveryAfter ?? 60 * SECOND,
  };
};

const bySeverity = <Value>(of: (severity: Severity) => Value): Readonly<Record<Severity, Value>> => ({
  SEV1: of('SEV1'),
  SEV2: of('SEV2'),
  SEV3: of('SEV3'),
  SEV4: of('SEV4'),
});

const lowerCase = (severity: Severity): Lowercase<Severity> => severity.toLowerCase() as Lowercase<Severity>;

const buildServices = (
  { services, defaults }: ServicesFile,
  actions: readonly string[],
): Readonly<Record<string, ServicePolicy>> =>
  Object.fromEntries(
    Object.entries(services ?? {}).map(([name, entry]): [string, ServicePolicy] => [
      name,
      {
        core: entry?.core ?? false,
        dependsOn: entry?.dependsOn ?? [],
        environment: entry?.environment ?? defaults?.environment ?? UNNAMED,
        ladder: entry?.escalation ?? 'default',
        runbook: entry?.runbook ?? null,
        dashboards: Object.entries(entry?.dashboards ?? {}).map(([title, url]) => ({ title, url })),
        actions: entry?.actions ?? actions,
      },
    ]),
  );

const buildSeverities = (file: SeverityFile, shipped: SeverityFile): SeverityPolicy => ({
  rules: SEVERITIES.flatMap((severity) =>
    (file.classes[severity].rules ?? []).map(
      (rule): SeverityRule => ({
        id: rule.id,
        severity,
        when: rule.when.condition,
        text: rule.when.text,
        forMs: rule.for ?? 0,
      }),
    ),
  ),
  minimumRequestsPerSecond: file.minimumRequestsPerSecond,
  respondWithinMs: bySeverity((severity) => file.classes[severity].respond),
  definitions: bySeverity(
    (severity) => file.classes[severity].definition ?? shipped.classes[severity].definition ?? '',
  ),
});

const buildLadders = ({ escalation, ladders }: EscalationFile): Policy['ladders'] => {
  const standard = bySeverity((severity) => buildLadder(escalation[lowerCase(severity)]));
  const others = Object.entries(ladders ?? {}).map(([name, given]) => [
    name,
    bySeverity((severity) => {
      const own = given[lowerCase(severity)];
      return own === undefined ? standard[severity] : buildLadder(own);
    }),
  ]);
  return { ...Object.fromEntries(others), default: standard };
};

const buildLadder = (entry: LadderEntry): Ladder => ({
  levels: Object.entries(entry).flatMap(([key, contacts]) =>
    Array.isArray(contacts) ? [{ key, afterMs: levelDelayMs(key) ?? 0, contacts: contacts as readonly string[] }] : [],
  ),
  businessHoursOnly: entry.business_hours_only ?? false,
});

const buildHours = ({ businessHours }: EscalationFile): BusinessHours => {
  if (businessHours === undefined) return OFFICE_HOURS;
  const { zone, days, from, to, holidays } = businessHours;
  return { zone, days: days.map((day) => DAYS.indexOf(day) + 1), from, to, holidays: holidays ?? [] };
};
