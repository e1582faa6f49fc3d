import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { safeText } from '../../src/incident/text.ts';
import { measuredRoom, sourceHealth } from '../agent/metrics/measured-room.ts';
import { type LoopbackServer, startLoopbackServer } from '../agent/sources/loopback-server.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { hasAlertmanager } from '../support/alertmanager-server.ts';
import { hasPrometheus, type PrometheusServer, startPrometheus } from '../support/prometheus-server.ts';
import { until } from '../support/until.ts';
import { ruleCases } from './agent-rule-cases.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const RULES = join(EXAMPLES, 'prometheus/warroom-rules.yaml');

const run = promisify(execFile);

const readRules = async () =>
  (
    parse(await readFile(RULES, 'utf8')) as {
      groups: readonly {
        rules: readonly { alert: string; expr: string; labels: Readonly<Record<string, string>> }[];
      }[];
    }
  ).groups.flatMap((group) => group.rules);

/** The queries of the dashboard, with what Grafana fills in filled in. */
const readQueries = async (): Promise<readonly string[]> => {
  const dashboard = JSON.parse(await readFile(join(EXAMPLES, 'grafana/warroom.json'), 'utf8')) as {
    panels: readonly { targets?: readonly { expr: string }[] }[];
  };
  return dashboard.panels
    .flatMap(({ targets }) => targets ?? [])
    .map(({ expr }) => expr.replaceAll(/\$__(?:rate_interval|range)/g, '1m').replaceAll(/\$(?:job|instance)/g, '.*'));
};

describe.skipIf(!hasPrometheus())('the examples for Prometheus', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'warroom-rules-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Runs a Prometheus tool on a file that is written for it; JSON is YAML. */
  const promtool = async (words: readonly string[], content: unknown) => {
    const path = join(directory, 'checked.json');
    await writeFile(path, JSON.stringify(content));
    return run('promtool', [...words, path]).then(
      () => 'passed',
      (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
    );
  };

  it('has rules that promtool accepts', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', RULES]);
    expect(stdout).toContain(`${ruleCases.length} rules found`);
  });

  it('has a case for every rule', async () => {
    expect(ruleCases.map(({ alert }) => alert).sort()).toEqual((await readRules()).map(({ alert }) => alert).sort());
  });

  it.each(ruleCases.map((rule) => [rule.alert, rule] as const))(
    '%s fires when it must, and only then',
    async (alert, its) => {
      const labels = (await readRules()).find((rule) => rule.alert === alert)?.labels ?? {};
      const firing = its.fires.map(({ series, at, says }) => ({
        interval: '15s',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: at,
            alertname: alert,
            exp_alerts: says.map((said) => ({
              exp_labels: { ...labels, ...said.labels },
              exp_annotations: { summary: said.summary, description: said.description },
            })),
          },
        ],
      }));
      const silent = its.silent.map(({ series, at }) => ({
        interval: '15s',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: [] }],
      }));
      expect(firing.every((test) => test.alert_rule_test[0]?.exp_alerts.length !== 0)).toBe(true);
      const tests = { rule_files: [RULES], evaluation_interval: '15s', tests: [...firing, ...silent] };
      expect(await promtool(['test', 'rules'], tests)).toBe('passed');
    },
  );

  it('has a dashboard whose queries Prometheus can read', async () => {
    const queries = await readQueries();
    const rules = queries.map((expr, index) => ({ record: `panel:${index}`, expr }));
    expect(rules.length).toBeGreaterThan(20);
    expect(await promtool(['check', 'rules'], { groups: [{ name: 'dashboard', rules }] })).toBe('passed');
  });

  it.skipIf(!hasAlertmanager())('has an Alertmanager configuration that is one', async () => {
    const config = join(EXAMPLES, 'prometheus/alertmanager.yaml');
    const { stdout } = await run('amtool', ['check-config', config]);
    expect(stdout).toContain('SUCCESS');
    const route = async (alertname: string) =>
      (
        await run('amtool', ['config', 'routes', 'test', `--config.file=${config}`, `alertname=${alertname}`])
      ).stdout.trim();
    expect(await route('HighErrorRate')).toBe('war-room');
    for (const { alert } of ruleCases) expect(await route(alert)).toBe('on-call-mail');
  });
});

describe.skipIf(!hasPrometheus())('a real Prometheus that scrapes the agent', () => {
  let agent: AgentUnderTest;
  let hostile: LoopbackServer;
  let prometheus: PrometheusServer;
  let client: RoomClient;

  beforeAll(async () => {
    agent = await agentUnderTest();
    const token = (await readFile(join(agent.stateDirectory, 'token'), 'utf8')).trim();
    client = connectRoom({ address: () => ({ url: agent.url, token }), name: 'ana' });
    // The same metrics under names that nobody should give.
    const names = ['a"b\\n\\', 'x"} 1\nwarroom_clients 99\n', '\u001b[2J\u0000é', '"'.repeat(10_000), '__proto__'];
    const room = measuredRoom({ health: () => names.map((name) => sourceHealth(name, { failing: true })) });
    for (const name of names) room.metrics().observeAlerts(name, 1);
    hostile = await startLoopbackServer(async (_request, response) => {
      const text = await room.metrics().text();
      response.writeHead(200, { 'content-type': room.metrics().contentType }).end(text);
    });
    prometheus = await startPrometheus({
      scrapeInterval: '1s',
      scrapeConfigs: [
        { job: 'warroom', targets: [new URL(agent.url).host] },
        { job: 'hostile', targets: [`127.0.0.1:${hostile.port}`] },
      ],
    });
  });

  afterAll(async () => {
    client?.close();
    await prometheus?.stop();
    await hostile?.stop();
    await agent?.clear();
  });

  const get = async (path: string): Promise<{ status: string; data: unknown }> =>
    (await fetch(`${prometheus.url}/api/v1/${path}`)).json() as Promise<{ status: string; data: unknown }>;

  const ask = async (query: string): Promise<readonly { metric: Record<string, string>; value: string }[]> => {
    const answer = await get(`query?query=${encodeURIComponent(query)}`);
    expect({ query, status: answer.status }).toEqual({ query, status: 'success' });
    const { result } = answer.data as {
      result: readonly { metric: Record<string, string>; value: [number, string] }[];
    };
    return result.map(({ metric, value }) => ({ metric, value: value[1] }));
  };

  it('finds no fault in what it reads', async () => {
    const targets = async () =>
      ((await get('targets')).data as { activeTargets: readonly { health: string; lastError: string }[] })
        .activeTargets;
    await until(
      'both to be scraped',
      async () => {
        const found = await targets();
        return found.length === 2 && found.every(({ health }) => health !== 'unknown');
      },
      30_000,
    );
    expect((await targets()).map(({ health, lastError }) => ({ health, lastError }))).toEqual([
      { health: 'up', lastError: '' },
      { health: 'up', lastError: '' },
    ]);
  });

  it('keeps hostile names as data', async () => {
    await until('its series', async () => (await ask('warroom_source_failing{job="hostile"}')).length > 0, 30_000);
    const sources = (await ask('warroom_source_failing{job="hostile"}')).map(({ metric }) => metric.source ?? '');
    expect(sources.sort()).toEqual(
      ['a"b\\n\\', 'x"} 1 warroom_clients 99', 'é', `${'"'.repeat(99)}…`, '__proto__'].sort(),
    );
    expect(await ask('warroom_clients{job="hostile"}')).toMatchObject([{ value: '2' }]);
  });

  it('sees an incident, its commander missing, who is there, and its appends', async () => {
    const declared = await client.send({
      type: 'declare',
      title: safeText('checkout fails'),
      services: [safeText('checkout')],
      severity: 'SEV1',
    });
    expect(declared.ok).toBe(true);
    const open = 'warroom_incidents_without_commander{severity="SEV1", job="warroom"}';
    await until('the incident', async () => (await ask(open))[0]?.value === '1', 30_000);
    expect(await ask('warroom_clients{job="warroom"}')).toMatchObject([{ value: '1' }]);
    expect(await ask('warroom_log_writable{job="warroom"}')).toMatchObject([{ value: '1' }]);
    const [appends] = await ask('warroom_append_duration_seconds_count{job="warroom"}');
    expect(Number(appends?.value)).toBeGreaterThan(0);
    await until(
      'the page',
      async () => {
        const sent = await ask('sum(warroom_pages_total{job="warroom", outcome="sent"})');
        return Number(sent[0]?.value) > 0;
      },
      30_000,
    );
  });

  it('answers every query of the rules and of the dashboard', async () => {
    const queries = [...(await readRules()).map(({ expr }) => expr), ...(await readQueries())];
    for (const query of queries) await ask(query);
    expect(await ask('absent(warroom_build_info)')).toEqual([]);
  });

  it('sees the agent go', async () => {
    client.close();
    await agent.stop();
    await until(
      'its series to end',
      async () => (await ask('absent(warroom_build_info{job="warroom"})')).length === 1,
      30_000,
    );
  });
});
