import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { type RunningAgent, runAgent } from '../../src/agent/run-agent.ts';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import type { Incident } from '../../src/incident/state.ts';
import { type LoopbackServer, startLoopbackServer } from '../agent/sources/loopback-server.ts';
import { type Metrics, type Replica, startReplica } from '../support/measured-service.ts';
import { hasPrometheus, type PrometheusServer, startPrometheus } from '../support/prometheus-server.ts';
import { until } from '../support/until.ts';

const SHIPPED = resolve(import.meta.dirname, '../../config');

interface Case {
  readonly label: string;
  readonly metrics: Metrics;
  readonly replicas: number;
  /** What the team writes about its metrics, as YAML under the service. */
  readonly selectors: string;
}

const cases: readonly (readonly [string, Case])[] = [
  [
    'the usual metric names and one replica',
    {
      label: 'service',
      metrics: { counter: 'http_requests_total', histogram: 'http_request_duration_seconds', statusLabel: 'status' },
      replicas: 1,
      selectors: '',
    },
  ],
  [
    'another metric, another service label and three replicas',
    {
      label: 'app',
      metrics: { counter: 'myapp_hits_total', histogram: 'myapp_took_seconds', statusLabel: 'code' },
      replicas: 3,
      selectors: `
    requests: myapp_hits_total
    errors: 'myapp_hits_total{code=~"5.."}'
    latency: myapp_took_seconds_bucket`,
    },
  ],
];

describe.skipIf(!hasPrometheus()).each(cases)('a room on a real Prometheus, with %s', (_name, its) => {
  let directory: string;
  let replicas: readonly Replica[];
  let switchboard: LoopbackServer;
  let prometheus: PrometheusServer;
  let agent: RunningAgent;
  let client: RoomClient;
  const said: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'warroom-prometheus-'));
    replicas = await Promise.all(Array.from({ length: its.replicas }, () => startReplica(its.metrics)));
    // The team's own interface: one document that says how many of ten requests the new code path may fail.
    let document = { failing: 0, since: 'release 7' };
    switchboard = await startLoopbackServer((request, response, body) => {
      if (request.method === 'PUT') {
        document = JSON.parse(body) as typeof document;
        for (const replica of replicas) replica.failing = document.failing;
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    });
    prometheus = await startPrometheus({
      scrapeInterval: '1s',
      scrapeConfigs: [
        { job: 'shop', targets: replicas.map(({ port }) => `127.0.0.1:${port}`), labels: { [its.label]: 'checkout' } },
      ],
    });
    const config = join(directory, 'config');
    await mkdir(config);
    await writeFile(
      join(config, 'services.yaml'),
      `defaults:
  prometheus: { url: ${prometheus.url}, window: 6s, pollEvery: 500ms, serviceLabel: ${its.label} }
services:
  checkout:
    core: true${its.selectors}
`,
    );
    const control = `http://127.0.0.1:${switchboard.port}/control`;
    await writeFile(
      join(config, 'actions.yaml'),
      `actions:
  circuit-breaker:
    title: Open the circuit breaker
    driver: http
    confirm: key
    read: { url: '${control}' }
    apply: { method: PUT, url: '${control}', body: '{after}' }
    undo: { method: PUT, url: '${control}', body: '{before}' }
    set: { failing: 0 }
`,
    );
    agent = await runAgent({
      config: await loadConfig({ directory: config, defaultsDirectory: SHIPPED, env: {} }),
      stateDirectory: join(directory, 'state'),
      host: '127.0.0.1',
      port: 0,
      clock: systemClock(),
      version: 'test',
      agentLog: agentLogTo(({ msg }) => said.push(msg)),
    });
    const token = (await readFile(join(directory, 'state', 'token'), 'utf8')).trim();
    client = connectRoom({ address: () => ({ url: agent.url, token }), name: 'ana' });
  });

  afterAll(async () => {
    client?.close();
    await agent?.stop();
    await prometheus?.stop();
    await switchboard?.stop();
    for (const replica of replicas ?? []) await replica.end();
    await rm(directory, { recursive: true, force: true });
  });

  const incident = (): Incident | undefined => Object.values(client.view().room.incidents)[0];
  const ratio = (): number | null => {
    const reading = client.view().signals.checkout?.reading.errorRatio;
    return reading?.known ? reading.value : null;
  };
  const tell = (failing: number): Promise<Response> =>
    fetch(`http://127.0.0.1:${switchboard.port}/control`, {
      method: 'PUT',
      body: JSON.stringify({ failing, since: 'release 8' }),
    });
  const action = (id: string) => incident()?.actions[id]?.state;

  it('declares by itself when the error rate jumps, contains with a key, and takes it back', {
    timeout: 120_000,
  }, async () => {
    await until('a healthy reading', () => ratio() === 0, 30_000);
    expect(incident()).toBeUndefined();

    await tell(4);
    await until('an incident', () => incident() !== undefined, 40_000);
    expect(incident()).toMatchObject({
      severity: 'SEV2',
      cause: 'rule',
      services: ['checkout'],
      evidence: [{ rule: 'errors-tenth' }],
    });
    expect(incident()?.evidence[0]?.samples.every((sample) => (sample.errorRatio ?? 0) >= 0.1)).toBe(true);

    await client.send({
      type: 'contain',
      incident: null,
      service: 'checkout',
      name: 'circuit-breaker',
      params: {},
      arm: true,
    });
    await until('the arm', () => action('A1')?.name === 'armed');
    expect(incident()?.actions.A1?.plan?.changes).toEqual([{ path: 'failing', before: '4', after: '0' }]);
    await client.send({ type: 'confirm', action: 'A1', typed: null });
    await until('the outcome', () => action('A1')?.name === 'applied');
    await until('the error rate to fall', () => ratio() === 0, 30_000);

    await client.send({ type: 'undo', action: 'A1', arm: true });
    await until('the arm of the undo', () => action('A2')?.name === 'armed');
    await client.send({ type: 'confirm', action: 'A2', typed: null });
    await until('the undo', () => action('A1')?.name === 'undone');
    expect(await (await fetch(`http://127.0.0.1:${switchboard.port}/control`)).json()).toEqual({
      failing: 4,
      since: 'release 8',
    });
    await until('the fault to be back', () => (ratio() ?? 0) > 0.2, 30_000);
  });

  it('draws no number when Prometheus is gone, and proposes no recovery', { timeout: 60_000 }, async () => {
    await prometheus.stop();
    const reading = await until(
      'an unknown reading',
      () => {
        const its = client.view().signals.checkout?.reading.errorRatio;
        return its !== undefined && !its.known ? its : null;
      },
      20_000,
    );
    expect(reading).toEqual({ known: false, why: 'unreachable' });
    expect(incident()?.recovery ?? null).toBeNull();
    expect(said).toContainEqual(expect.stringMatching(/^source prometheus FAILS: /));
  });
});
