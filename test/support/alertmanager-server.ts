// Owns a real Alertmanager for tests: own directory, own loopback port, alone without a cluster, ended by its own process id.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, freePort, hasEnded } from './prometheus-server.ts';

export interface AlertmanagerServer {
  /** `host:port`. */
  readonly address: string;
  /** Hands it alerts as Prometheus would. */
  post(alerts: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

const BINARY = 'prometheus-alertmanager';

/** Whether the binary is there; throws where the environment says that servers must be. */
export const hasAlertmanager = (): boolean => {
  const found = spawnSync(BINARY, ['--version']).status === 0;
  const missing = `no ${BINARY} binary on the PATH (Debian package: prometheus-alertmanager)`;
  if (!found && process.env.WARROOM_REQUIRE_SERVERS === '1') {
    throw new Error(`WARROOM_REQUIRE_SERVERS=1, and ${missing}`);
  }
  if (!found) console.log(`skipped: ${missing}`);
  return found;
};

/** Starts an Alertmanager that posts to `url` with the token in `tokenFile`; resolves once it is ready. */
export const startAlertmanager = async (options: {
  readonly url: string;
  readonly tokenFile: string;
  readonly groupBy: readonly string[];
  /** A group that changed nothing is sent again after this, in Alertmanager's words such as `3s`. */
  readonly repeatInterval: string;
  /** 0: no limit. */
  readonly maxAlerts: number;
}): Promise<AlertmanagerServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'alertmanager-'));
  const file = join(directory, 'alertmanager.yml');
  await writeFile(file, configOf(options));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    BINARY,
    [
      `--config.file=${file}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
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
  const post = async (alerts: readonly object[]): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(alerts), signal: AbortSignal.timeout(5_000) };
    const response = await fetch(`http://${address}/api/v2/alerts`, init);
    if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    if (hasEnded(child)) break;
    const ready = await fetch(`http://${address}/-/ready`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    if (ready?.ok) return { address, post, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`alertmanager did not become ready: ${said}`);
};

// JSON is YAML: no quoting to get wrong.
const configOf = (options: Parameters<typeof startAlertmanager>[0]): string =>
  JSON.stringify({
    route: {
      receiver: 'warroom',
      group_by: options.groupBy,
      group_wait: '200ms',
      group_interval: '1s',
      repeat_interval: options.repeatInterval,
    },
    receivers: [
      {
        name: 'warroom',
        webhook_configs: [
          {
            url: options.url,
            max_alerts: options.maxAlerts,
            http_config: { authorization: { credentials_file: options.tokenFile } },
          },
        ],
      },
    ],
  });
