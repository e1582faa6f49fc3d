// Owns `warroom init`: asks a Prometheus what can be watched, writes a configuration from the answer, and says what it could not find.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../agent/clock.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { isAddress } from '../agent/config/schema/fields.ts';
import { FILE_NAMES } from '../agent/config/schema/files.ts';
import { discoverServices } from '../agent/setup/discover.ts';
import { type Discovery, missingIn } from '../agent/setup/discovery.ts';
import { servicesYaml } from '../agent/setup/services-yaml.ts';
import { refuseExisting, type WrittenFiles, writeFiles } from '../agent/setup/write-files.ts';
import { toTimestamp } from '../incident/time.ts';
import { type Answering, badUsage } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { openLineAsker } from './line-asker.ts';
import { configDirectory, shippedConfig } from './paths.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';

export interface InitOptions extends Pick<Answering, 'json'> {
  readonly prometheus?: string;
  readonly dir?: string;
  readonly force?: boolean;
  /** Every configuration file, not only those that are about this team's services and contacts. */
  readonly all?: boolean;
}

const USUAL_PROMETHEUS = 'http://127.0.0.1:9090';
const ASK_WITHIN_MS = 10_000;
const MOST_LISTED = 20;

export const init = async (shell: Shell, options: InitOptions): Promise<ExitCode> => {
  const { env } = shell;
  const directory = targetDirectory(options.dir, env);
  if (!options.force) await refuseExisting(directory, 'services.yaml');
  const url = await prometheusAddress(shell, options);
  const calledOff = new AbortController();
  const stopListening = shell.onInterrupt(() => calledOff.abort());
  const clock = systemClock();
  try {
    if (!options.json) printLines(shell.stderr, [`asking the Prometheus at ${url} what there is to watch`]);
    const door = { url, headers: {}, timeoutMs: ASK_WITHIN_MS };
    const discovery = await discoverServices(door, { clock, stopping: calledOff.signal });
    if (calledOff.signal.aborted) {
      printLines(shell.stderr, ['called off: nothing was written']);
      return EXIT.failed;
    }
    const files = [
      { name: 'services.yaml', text: servicesYaml(discovery, toTimestamp(clock.now())) },
      ...(await shippedFiles(options.all ? FILE_NAMES : ['notifications.yaml'])),
    ];
    const result = await writeFiles(files, { directory, force: options.force ?? false });
    // The proof: what was written is a configuration, and the agent would start on it.
    await loadConfig({ directory, defaultsDirectory: shippedConfig(), env });
    tell(shell, options, { discovery, directory, result });
    return discovery.services.length === 0 ? EXIT.failed : EXIT.done;
  } finally {
    stopListening();
  }
};

/** As told, else by environment, else the user's own: never the shipped one. */
const targetDirectory = (told: string | undefined, env: Shell['env']): string => {
  if (told !== undefined) return resolve(told);
  if (env.WARROOM_CONFIG_DIR) return resolve(env.WARROOM_CONFIG_DIR);
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'warroom');
};

const prometheusAddress = async (shell: Shell, { prometheus, json }: InitOptions): Promise<string> => {
  const given = prometheus ?? (shell.stdin.isTTY && !json ? await askForAddress(shell) : USUAL_PROMETHEUS);
  if (isAddress(given)) return given.replace(/\/+$/, '');
  throw badUsage(
    'that is no address of a Prometheus',
    `give one that begins with http:// or https://, without a name and password: --prometheus ${USUAL_PROMETHEUS}`,
  );
};

const askForAddress = async (shell: Shell): Promise<string> => {
  const asker = openLineAsker(shell);
  const calledOff = new AbortController();
  const stopListening = shell.onInterrupt(() => calledOff.abort());
  try {
    const said = await asker.ask(`Address of your Prometheus [${USUAL_PROMETHEUS}]:`, calledOff.signal);
    if (said === null) throw badUsage('no address was given', 'give it as --prometheus URL');
    return said === '' ? USUAL_PROMETHEUS : said;
  } finally {
    stopListening();
    asker.close();
  }
};

const shippedFiles = (names: readonly string[]) =>
  Promise.all(
    names
      .filter((name) => name !== 'services.yaml')
      .map(async (name) => ({ name, text: await readFile(join(shippedConfig(), name), 'utf8') })),
  );

interface Told {
  readonly discovery: Discovery;
  readonly directory: string;
  readonly result: WrittenFiles;
}

const tell = (shell: Shell, { json }: InitOptions, { discovery, directory, result }: Told): void => {
  const { services, bare, notes } = discovery;
  const missing = missingIn(discovery);
  const next = nextSteps(directory, shell.env);
  if (json) {
    const found = services.map(({ name, requestsPerSecond, errors, latency }) => ({
      name,
      requestsPerSecond,
      errors: errors !== null,
      latency: latency !== null,
    }));
    printJson(shell.stdout, { ok: services.length > 0, directory, ...result, services: found, missing, notes, next });
    return;
  }
  const scraped = bare.length === 0 ? '' : `, ${bare.length} more scraped without a counter of requests`;
  printLines(shell.stdout, [
    services.length === 0
      ? `found nothing that counts requests${scraped}: nothing is watched yet`
      : `found ${counted(services.length, 'service')}${scraped}`,
    ...listed(services.map(({ name, requestsPerSecond }) => `${name}  ${rateWords(requestsPerSecond)}`)),
    ...(missing.length === 0 ? [] : ['not found:', ...listed(missing)]),
    ...(notes.length === 0 ? [] : ['not sure:', ...listed(notes)]),
    `wrote ${result.written.join(', ')} in ${directory}`,
    ...result.kept.map((name) => `kept ${name} as it was`),
    'next:',
    ...next.map((step) => `  ${step}`),
  ]);
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const rateWords = (rate: number | null): string =>
  rate === null ? 'no rate yet' : `${Number(rate.toPrecision(3))} requests/s`;

const listed = (lines: readonly string[]): readonly string[] => {
  const left = lines.length - MOST_LISTED;
  const more = left > 0 ? [`  and ${left} more; services.yaml has them all`] : [];
  return [...lines.slice(0, MOST_LISTED).map((line) => `  ${line}`), ...more];
};

/** Commands to paste; the directory is left out where it is found without being told. */
const nextSteps = (directory: string, env: Shell['env']): readonly string[] => {
  const told = configDirectory(undefined, env) === directory ? '' : ` --config ${quoted(directory)}`;
  return [`warroom check-config${told}`, `warroom doctor${told}`, `warroom agent${told}`, 'warroom'];
};

const quoted = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
