// Owns a real Prometheus for tests: own directory, own loopback port, ended by its own process id.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ScrapeConfig {
  readonly job: string;
  /** `host:port` of each replica. */
  readonly targets: readonly string[];
  /** Labels that every series of these targets gets. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules of one group in Prometheus's words, and the Alertmanager, as `host:port`, that hears of what they find. */
export interface Alerting {
  readonly rules: readonly object[];
  readonly alertmanager: string;
}

export interface PrometheusServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether a `prometheus` binary is there; throws where the environment says that servers must be. */
export const hasPrometheus = (): boolean => {
  const found = spawnSync('prometheus', ['--version']).status === 0;
  if (!found && process.env.WARROOM_REQUIRE_SERVERS === '1') {
    throw new Error('WARROOM_REQUIRE_SERVERS=1, and no prometheus binary on the PATH (Debian package: prometheus)');
  }
  if (!found) console.log('skipped: no prometheus binary on the PATH (Debian package: prometheus)');
  return found;
};

/** Starts a Prometheus and resolves once it is ready. `scrapeInterval` is in Prometheus's words, such as `1s`. */
export const startPrometheus = async (options: {
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly scrapeInterval: string;
  readonly alerting?: Alerting;
}): Promise<PrometheusServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const file = join(directory, 'prometheus.yml');
  await writeFile(file, configOf(options));
  const groups = [{ name: 'test', rules: options.alerting?.rules ?? [] }];
  await writeFile(join(directory, 'rules.yml'), JSON.stringify({ groups }));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--rules.alert.resend-delay=1s',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    if (hasEnded(child)) break;
    const ready = await fetch(`http://${address}/-/ready`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    if (ready?.ok) return { url: `http://${address}`, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`prometheus did not become ready: ${said}`);
};

// JSON is YAML: no quoting to get wrong.
const configOf = ({ scrapeConfigs, scrapeInterval, alerting }: Parameters<typeof startPrometheus>[0]): string =>
  JSON.stringify({
    global: { scrape_interval: scrapeInterval, scrape_timeout: scrapeInterval, evaluation_interval: scrapeInterval },
    ...(alerting === undefined
      ? {}
      : {
          rule_files: ['rules.yml'],
          alerting: { alertmanagers: [{ static_configs: [{ targets: [alerting.alertmanager] }] }] },
        }),
    scrape_configs: scrapeConfigs.map(({ job, targets, labels }) => ({
      job_name: job,
      static_configs: [{ targets, labels: labels ?? {} }],
    })),
  });

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Asks a process to end, and makes it. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(patience);
};

export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
