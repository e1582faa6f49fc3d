// Owns reading a whole configuration: every file, every check, every problem at once, or a Config that needs no second look.
import type * as z from 'zod/mini';
import { buildProfiles } from './build-actions.ts';
import { buildAlertSources } from './build-alerts.ts';
import { buildContacts } from './build-contacts.ts';
import { buildPolicy } from './build-policy.ts';
import { buildServer } from './build-server.ts';
import { buildSinks } from './build-sinks.ts';
import { buildSmtp } from './build-smtp.ts';
import { buildHeartbeat, buildWatchdog } from './build-watchdog.ts';
import { buildWatches } from './build-watches.ts';
import type { Config } from './config.ts';
import { type ConfigFile, type ReadFile, readConfigFiles, strayFiles } from './config-files.ts';
import { crossCheck } from './cross-checks/cross-checks.ts';
import { describeIssues } from './describe-issue.ts';
import { badConfig, type Problem } from './problems.ts';
import { readBounded } from './read-bounded.ts';
import { type FileName, SCHEMAS } from './schema/files.ts';
import { createSecrets, type ReportField, reportSecrets } from './secrets.ts';
import { LARGEST_FILE_BYTES } from './yaml-file.ts';

export interface ConfigPlaces {
  /** The team's files; what is not there comes from the defaults. */
  readonly directory: string;
  readonly defaultsDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In place of the disk: the bytes of a path, or an error with a `code` such as ENOENT. */
  readonly readFile?: ReadFile;
}

/** Reads and checks a configuration. Throws OperatorError `bad-config` that lists every problem with file, line, column and field. */
export const loadConfig = async ({ directory, defaultsDirectory, env, readFile }: ConfigPlaces): Promise<Config> => {
  const read = readFile ?? ((path: string) => readBounded(path, LARGEST_FILE_BYTES));
  const strays = readFile === undefined ? await strayFiles(directory) : [];
  const files = byName(await readConfigFiles({ directory, defaultsDirectory, readFile: read }));
  const problems: Problem[] = [...strays];
  const report = reporter(files, problems);

  for (const file of Object.values(files)) problems.push(...file.problems);
  const checked = checkAll(files, report);
  const secrets = createSecrets({ env, directory, readFile: read });
  const { services, severity, escalation, roles, actions, notifications, alerts, server, watchdog } = checked;
  // What is built below fills in its secrets and reports what is missing; files too wrong to be built report theirs here.
  if (services === null) await reportSecrets(files['services.yaml'].value, secrets, report('services.yaml'));
  if (actions === null) await reportSecrets(files['actions.yaml'].value, secrets, report('actions.yaml'));
  if (notifications === null || escalation === null)
    await reportSecrets(files['notifications.yaml'].value, secrets, report('notifications.yaml'));
  if (watchdog === null) await reportSecrets(files['watchdog.yaml'].value, secrets, report('watchdog.yaml'));
  const watches = services && (await buildWatches(services, { secrets, report: report('services.yaml') }));
  const profiles = actions && (await buildProfiles(actions, { secrets, report: report('actions.yaml') }));
  const contacts =
    escalation &&
    notifications &&
    (await buildContacts({ escalation, notifications }, { secrets, report: report('notifications.yaml') }));
  const sinks = notifications && (await buildSinks(notifications, { secrets, report: report('notifications.yaml') }));
  const smtp = await buildSmtp(notifications?.smtp, { secrets, report: report('notifications.yaml') });
  const alertSources = alerts && buildAlertSources(alerts, report('alerts.yaml'));
  const heartbeat = watchdog && (await buildHeartbeat(watchdog, { secrets, report: report('watchdog.yaml') }));
  const shippedSeverity = parsed(SCHEMAS['severity.yaml'], files['severity.yaml'].shipped);
  if (
    problems.length > 0 ||
    !services ||
    !severity ||
    !escalation ||
    !roles ||
    !notifications ||
    !sinks ||
    !actions ||
    !watches ||
    !profiles ||
    !contacts ||
    !alertSources ||
    !server ||
    !watchdog
  )
    throw badConfig(directory, problems);
  return {
    directory,
    policy: buildPolicy({
      services,
      severity,
      shippedSeverity: shippedSeverity ?? severity,
      escalation,
      actions,
      roles,
      notifications,
      contacts,
      sinks,
    }),
    watches,
    actions: profiles,
    contacts,
    sinks,
    smtp,
    alertSources,
    roles: roles.roles,
    server: buildServer(server, directory),
    watchdog: buildWatchdog(watchdog),
    heartbeat,
  };
};

type Files = Readonly<Record<FileName, ConfigFile>>;

const byName = (files: readonly ConfigFile[]): Files =>
  Object.fromEntries(files.map((file) => [file.name, file])) as Files;

type Reporter = (file: FileName) => ReportField;

const reporter =
  (files: Files, problems: Problem[]): Reporter =>
  (file) =>
  (field, message, part = 'value') => {
    problems.push({ file, field, message, position: files[file].own?.positionOf(field, part) ?? null });
  };

const parsed = <Schema extends z.core.$ZodType>(
  schema: Schema & z.ZodMiniType,
  value: unknown,
): z.output<Schema> | null => {
  const result = schema.safeParse(value);
  return result.success ? (result.data as z.output<Schema>) : null;
};

const checkAll = (files: Files, report: Reporter) => {
  const check = <Name extends FileName>(name: Name): z.output<(typeof SCHEMAS)[Name]> | null => {
    const file = files[name];
    // A file that is not YAML has said so already; what its absence would break is not worth a word.
    if (file.problems.length > 0) return null;
    const result = SCHEMAS[name].safeParse(file.value);
    if (result.success) return result.data as z.output<(typeof SCHEMAS)[Name]>;
    for (const { field, message, part } of describeIssues(result.error.issues, file.value))
      report(name)(field, message, part);
    return null;
  };
  for (const { file, findings } of crossCheck((name) => (files[name].problems.length > 0 ? null : files[name].value)))
    for (const { field, message, part } of findings) report(file)(field, message, part);
  return {
    services: check('services.yaml'),
    severity: check('severity.yaml'),
    escalation: check('escalation.yaml'),
    roles: check('roles.yaml'),
    actions: check('actions.yaml'),
    notifications: check('notifications.yaml'),
    alerts: check('alerts.yaml'),
    server: check('server.yaml'),
    watchdog: check('watchdog.yaml'),
  };
};
