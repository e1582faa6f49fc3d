import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { connectRoom } from '../../src/client/connect.ts';
import { alertsIn } from '../../src/incident/alerts.ts';
import type { Incident, JoinedAlert } from '../../src/incident/state.ts';
import { startLoopbackServer } from '../agent/sources/loopback-server.ts';
import { hasAlertmanager, startAlertmanager } from '../support/alertmanager-server.ts';
import { hasPrometheus, startPrometheus } from '../support/prometheus-server.ts';
import { until } from '../support/until.ts';

const SHIPPED = resolve(import.meta.dirname, '../../config');
const SERVICES = 'services: { checkout: { dependsOn: [payments] }, payments: {}, search: {} }\n';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** An agent that watches nothing by itself, with somebody in the room. */
const startRoom = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'warroom-alertmanager-'));
  stops.push(() => rm(directory, { recursive: true, force: true }));
  const config = join(directory, 'config');
  await mkdir(config);
  await writeFile(join(config, 'services.yaml'), SERVICES);
  const said: string[] = [];
  const agent = await runAgent({
    config: await loadConfig({ directory: config, defaultsDirectory: SHIPPED, env: {} }),
    stateDirectory: join(directory, 'state'),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock(),
    version: 'test',
    agentLog: agentLogTo(({ msg }) => said.push(msg)),
  });
  stops.push(agent.stop);
  const tokenFile = join(directory, 'state', 'token');
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const client = connectRoom({ address: () => ({ url: agent.url, token }), name: 'ana' });
  stops.push(client.close);
  const incidents = (): readonly Incident[] => Object.values(client.view().room.incidents);
  return {
    said,
    incidents,
    alert: (name: string): JoinedAlert | undefined =>
      incidents()
        .flatMap(({ alerts }) => alertsIn(alerts))
        .find(({ service, message }) => service === name || message === name),
    webhook: { url: `${agent.url}/api/v1/alerts/alertmanager`, tokenFile },
  };
};

/** A page with the error ratio of each service, as it is told. */
const startErrors = async () => {
  const ratios: Record<string, number> = { checkout: 0, payments: 0, search: 0 };
  const server = await startLoopbackServer((_, response) => {
    const lines = Object.entries(ratios).map(([service, ratio]) => `shop_errors{service="${service}"} ${ratio}\n`);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(`# TYPE shop_errors gauge\n${lines.join('')}`);
  });
  stops.push(server.stop);
  return { ratios, target: `127.0.0.1:${server.port}` };
};

describe.skipIf(!hasPrometheus() || !hasAlertmanager())('a room behind a real Prometheus and Alertmanager', () => {
  it('declares once for services that belong together, counts what is repeated, and clears what is over', {
    timeout: 120_000,
  }, async () => {
    const room = await startRoom();
    const errors = await startErrors();
    const alertmanager = await startAlertmanager({
      ...room.webhook,
      groupBy: ['alertname'],
      repeatInterval: '2s',
      maxAlerts: 0,
    });
    stops.push(alertmanager.stop);
    const prometheus = await startPrometheus({
      scrapeInterval: '1s',
      scrapeConfigs: [{ job: 'shop', targets: [errors.target] }],
      alerting: {
        alertmanager: alertmanager.address,
        rules: [
          {
            alert: 'HighErrorRate',
            expr: 'shop_errors > 0.1',
            labels: { severity: 'error' },
            annotations: { summary: '{{ $value | humanizePercentage }} of requests fail' },
          },
        ],
      },
    });
    stops.push(prometheus.stop);

    errors.ratios.checkout = 0.41;
    await until('an incident', () => room.incidents().length > 0, 30_000);
    expect(room.incidents()).toMatchObject([
      { severity: 'SEV2', cause: 'alert', services: ['checkout'], title: 'checkout: 41% of requests fail' },
    ]);

    // The same group, and a neighbour: one body with both, one incident with both.
    errors.ratios.payments = 0.2;
    await until('the neighbour', () => room.alert('payments'), 30_000);
    expect(room.incidents()).toMatchObject([
      { services: ['checkout', 'payments'], alertCount: { known: 2, firing: 2 } },
    ]);

    const before = room.alert('payments')?.count ?? 0;
    await until('a repetition', () => (room.alert('payments')?.count ?? 0) > before, 30_000);
    expect(room.incidents()).toMatchObject([{ alertCount: { known: 2, firing: 2 } }]);

    // The group goes on firing: only the alert itself says that it is over.
    errors.ratios.payments = 0;
    await until('the neighbour to be cleared', () => room.alert('payments')?.clearedAt, 30_000);
    expect(room.alert('checkout')?.clearedAt).toBeNull();
    expect(room.incidents()).toMatchObject([{ alertCount: { known: 2, firing: 1 } }]);

    errors.ratios.search = 0.5;
    await until('an incident of its own', () => room.incidents().length === 2, 30_000);
    errors.ratios.checkout = 0;
    errors.ratios.search = 0;
    await until('all to be clear', () => room.incidents().every(({ alertCount }) => alertCount.firing === 0), 30_000);
    expect(room.incidents()).toMatchObject([
      { services: ['checkout', 'payments'], alertCount: { known: 2 } },
      { services: ['search'], alertCount: { known: 1 } },
    ]);
  });

  it('says how many alerts were left out when the sender has a limit', { timeout: 60_000 }, async () => {
    const room = await startRoom();
    const alertmanager = await startAlertmanager({
      ...room.webhook,
      groupBy: ['service'],
      repeatInterval: '1h',
      maxAlerts: 1,
    });
    stops.push(alertmanager.stop);
    const three = ['A', 'B', 'C'].map((alertname) => ({
      labels: { alertname, service: 'checkout', severity: 'page' },
    }));
    await alertmanager.post(three);
    await until('an incident', () => room.incidents().length > 0, 30_000);
    expect(room.incidents()).toMatchObject([{ severity: 'SEV1', services: ['checkout'], alertCount: { known: 1 } }]);
    expect(room.said).toContainEqual(expect.stringMatching(/alertmanager.* 2 alerts/));
  });
});
