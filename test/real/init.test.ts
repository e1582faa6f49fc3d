import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { type RunningAgent, runAgent } from '../../src/agent/run-agent.ts';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { jsonOf, run } from '../cli/command-line.ts';
import { type Replica, startReplica } from '../support/measured-service.ts';
import { hasPrometheus, type PrometheusServer, startPrometheus } from '../support/prometheus-server.ts';
import { until } from '../support/until.ts';

const SHIPPED = resolve(import.meta.dirname, '../../config');

const WEB = { counter: 'http_requests_total', histogram: 'http_request_duration_seconds', statusLabel: 'status' };
const OWN = { counter: 'myapp_hits_total', histogram: 'myapp_took_seconds', statusLabel: 'code' };
const HOSTILE = `basket "ü" \${HOME} # {x: y}`;

describe.skipIf(!hasPrometheus())('a configuration that init wrote from a real Prometheus', () => {
  let directory: string;
  let replicas: readonly Replica[];
  let prometheus: PrometheusServer;
  let agent: RunningAgent | undefined;
  let client: RoomClient | undefined;
  const configDirectory = (): string => join(directory, 'config');
  const env = (): Record<string, string> => ({
    WARROOM_STATE_DIR: join(directory, 'state'),
    PATH: process.env.PATH ?? '',
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'warroom-init-'));
    replicas = await Promise.all([WEB, WEB, OWN, WEB].map(startReplica));
    const targets = replicas.map(({ port }) => `127.0.0.1:${port}`);
    prometheus = await startPrometheus({
      scrapeInterval: '1s',
      scrapeConfigs: [
        { job: 'shop', targets: targets.slice(0, 2), labels: { service: 'checkout' } },
        { job: 'own', targets: targets.slice(2, 3), labels: { service: 'search' } },
        { job: 'odd', targets: targets.slice(3, 4), labels: { service: HOSTILE } },
        { job: 'gone', targets: ['127.0.0.1:1'] },
      ],
    });
    const query = 'count(rate(http_requests_total[10s]) > 0)';
    await until(
      'Prometheus to have rates',
      async () => {
        const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
        const { data } = (await answer.json()) as { data: { result: readonly { value: [number, string] }[] } };
        return Number(data.result[0]?.value[1]) >= 3;
      },
      30_000,
    );
  });
  afterAll(async () => {
    client?.close();
    await agent?.stop();
    await prometheus?.stop();
    for (const replica of replicas ?? []) await replica.end();
    await rm(directory, { recursive: true, force: true });
  });

  it('names every service, and what is scraped without metrics', async () => {
    const ended = await run(['init', '--prometheus', prometheus.url, '--dir', configDirectory(), '--json'], env());
    const answer = jsonOf(ended);
    expect(answer).toMatchObject({ ok: true, notes: [] });
    const found = answer.services as readonly {
      name: string;
      requestsPerSecond: number;
      errors: boolean;
      latency: boolean;
    }[];
    expect(found.map(({ name }) => name).sort()).toEqual(['basket-HOME-x-y', 'checkout', 'search']);
    for (const { errors, latency, requestsPerSecond } of found) {
      expect([errors, latency]).toEqual([true, true]);
      expect(requestsPerSecond).toBeGreaterThan(0);
    }
    expect(answer.missing).toEqual(['gone: no counter of requests found; add requests: and errors:, or checks:']);
    expect(await readFile(join(configDirectory(), 'services.yaml'), 'utf8')).toContain(
      'errors: myapp_hits_total{code=~"5.."}',
    );
    expect(ended.exit).toBe(0);
  });

  it('passes the doctor, but for nobody who could be paged', async () => {
    const { findings } = jsonOf(await run(['doctor', '--config', configDirectory(), '--json'], env())) as {
      findings: readonly { state: string; about: string; what: string }[];
    };
    expect(findings.filter(({ state }) => state === 'fail').map(({ about }) => about)).toEqual(['ladders']);
    expect(findings.filter(({ about }) => about === 'signals')).toHaveLength(6);
  });

  it('lets the agent measure those services', { timeout: 90_000 }, async () => {
    const config = await loadConfig({ directory: configDirectory(), defaultsDirectory: SHIPPED, env: {} });
    agent = await runAgent({
      config,
      stateDirectory: join(directory, 'state'),
      host: '127.0.0.1',
      port: 0,
      clock: systemClock(),
      version: 'test',
      agentLog: agentLogTo(() => {}),
    });
    const { url } = agent;
    const token = (await readFile(join(directory, 'state', 'token'), 'utf8')).trim();
    const room = connectRoom({ address: () => ({ url, token }), name: 'ana' });
    client = room;
    for (const service of ['checkout', 'search', 'basket-HOME-x-y']) {
      const reading = await until(
        `numbers of ${service}`,
        () => {
          const its = room.view().signals[service]?.reading;
          return its?.requestsPerSecond.known && its.errorRatio.known && its.p95Seconds.known ? its : null;
        },
        60_000,
      );
      expect(reading).toMatchObject({ errorRatio: { known: true, value: 0 } });
    }
  });
});
