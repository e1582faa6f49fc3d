// Owns what a configuration that loads still lacks for a working room: nothing to watch, nobody to wake, a program that is not there.
import { SEVERITIES } from '../../incident/words.ts';
import type { Config, ExecProfile, ServiceWatch } from '../config/config.ts';
import { isProgram } from './find-program.ts';
import { type Finding, failure, namesOf, warning } from './finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** One finding for each missing step; none when nothing is missing. Looks at no network. */
export const missingSteps = async (config: Config, env: Env): Promise<readonly Finding[]> => [
  ...serviceSteps(config.watches),
  ...contactSteps(config),
  ...ladderSteps(config),
  ...watchdogSteps(config),
  ...(Object.keys(config.sinks).length > 0
    ? []
    : [
        warning(
          'sinks',
          'nobody hears of incidents outside of the room',
          'add a channel or list to `sinks:` in notifications.yaml',
        ),
      ]),
  ...(await programSteps(config, env)),
];

const serviceSteps = (watches: readonly ServiceWatch[]): readonly Finding[] => {
  if (watches.length === 0)
    return [
      warning(
        'services',
        'no service is configured: nothing is watched',
        'warroom init, or write services.yaml by hand',
      ),
    ];
  const blind = watches.filter(isUnwatched).map(({ service }) => service);
  if (blind.length === 0) return [];
  const fix = 'give them `prometheus:`, `scrape:` or `checks:` in services.yaml';
  return [warning('services', `nothing is watched of ${namesOf(blind)}`, fix)];
};

const isUnwatched = ({ prometheus, scrape, checks }: ServiceWatch): boolean => {
  const metrics = prometheus ?? scrape;
  return checks.length === 0 && (metrics === null || (metrics.requests === null && metrics.latency === null));
};

const isReached = ({ policy }: Config, contact: string): boolean =>
  (policy.channels[contact] ?? []).some((channel) => channel !== 'log');

const laddersInUse = ({ policy }: Config): readonly string[] => [
  ...new Set(['default', ...Object.values(policy.services).map(({ ladder }) => ladder)]),
];

const contactsOn = ({ policy }: Config, ladder: string, severity: (typeof SEVERITIES)[number]): readonly string[] =>
  (policy.ladders[ladder]?.[severity].levels ?? []).flatMap(({ contacts }) => contacts);

const contactSteps = (config: Config): readonly Finding[] => {
  const onLadders = laddersInUse(config).flatMap((ladder) =>
    SEVERITIES.flatMap((severity) => contactsOn(config, ladder, severity)),
  );
  const silent = [...new Set(onLadders)].filter((contact) => !isReached(config, contact));
  if (silent.length === 0) return [];
  const fix = 'give each a slack, email or webhook under `contacts:` in notifications.yaml';
  return [warning('contacts', `pages to ${namesOf(silent)} go to the agent's log alone`, fix)];
};

const ladderSteps = (config: Config): readonly Finding[] =>
  laddersInUse(config).flatMap((ladder) => {
    const deaf = SEVERITIES.filter(
      (severity) => !contactsOn(config, ladder, severity).some((contact) => isReached(config, contact)),
    );
    if (deaf.length === 0) return [];
    const fix = 'give at least one contact of each ladder an address in notifications.yaml';
    return [failure('ladders', `nobody on the ladder ${ladder} can be reached for ${deaf.join(', ')}`, fix)];
  });

/** A team without a watchdog has said so by naming nobody. */
const watchdogSteps = (config: Config): readonly Finding[] => {
  const { contacts, sinks } = config.watchdog;
  if (contacts.length === 0 || sinks.length > 0 || contacts.some((contact) => isReached(config, contact))) return [];
  const fix = 'name a contact in watchdog.yaml that has an address in notifications.yaml, or a sink';
  return [failure('contacts', `the watchdog can reach nobody: no address for ${namesOf(contacts)}`, fix)];
};

const programSteps = async (config: Config, env: Env): Promise<readonly Finding[]> => {
  const steps = await Promise.all(
    Object.entries(config.actions).map(async ([name, profile]) =>
      profile.driver === 'exec' ? await programsOf(name, profile, env) : [],
    ),
  );
  return steps.flat();
};

const programsOf = async (name: string, profile: ExecProfile, env: Env): Promise<readonly Finding[]> => {
  const programs = [profile.read, profile.apply, profile.undo].flatMap(({ run: [program] }) => program ?? []);
  const path = profile.env.PATH ?? env.PATH;
  const missing: string[] = [];
  for (const program of new Set(programs)) if (!(await isProgram(program, path))) missing.push(program);
  return missing.map((program) =>
    failure(
      'actions',
      `${name}: there is no program ${program} that this user may run`,
      program.startsWith('/')
        ? 'install it, or correct its path in actions.yaml'
        : 'install it, or give its absolute path in actions.yaml',
    ),
  );
};
