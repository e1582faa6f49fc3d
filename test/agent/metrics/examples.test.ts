import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { contain } from '../../support/room.ts';
import { measuredRoom, sourceHealth } from './measured-room.ts';
import type { Sample } from './samples.ts';

const file = (path: string): string => readFileSync(resolve(import.meta.dirname, '../../..', path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}
const rules = (
  parse(file('examples/prometheus/warroom-rules.yaml')) as { groups: readonly { rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules);

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: unknown;
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource: unknown }[];
}
interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly panels: readonly Panel[];
}
const dashboard = JSON.parse(file('examples/grafana/warroom.json')) as Dashboard;
const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);

const metricsIn = (text: string): readonly string[] => text.match(/\b(?:warroom|process|nodejs)_[a-z0-9_]+/g) ?? [];
const labelsIn = (text: string): readonly string[] => [
  ...[...text.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label ?? ''),
  ...[...text.matchAll(/(?:by|on|without)\s*\(([^)]*)\)/g)].flatMap(([, labels]) => (labels ?? '').split(/,\s*/)),
];

/** An agent that has something to say under every name. */
const exposed = async (): Promise<readonly Sample[]> => {
  const room = measuredRoom({ health: () => [sourceHealth('prometheus', { skewMs: 0 })] });
  room.story.declares();
  contain(room.story);
  room.metrics().observeAlerts('alertmanager', 1);
  const { message, sink, channel } = { message: 'M1', sink: 'team', channel: 'slack' };
  const [commit] = room.story.commits();
  if (commit === undefined) throw new Error('no commit');
  const incident = room.story.incident().id;
  const queued = { type: 'message.queued', incident, message, sink, channel, about: 'declared' } as const;
  room
    .metrics()
    .observeCommit({ ...commit, events: [{ ...queued, text: room.story.incident().title }] }, room.story.room());
  return room.samples();
};

const given = await exposed();
const names = new Set(given.map(({ name }) => name));
// What Prometheus adds to every series by itself.
const labels = new Set(['job', 'instance', ...given.flatMap((sample) => Object.keys(sample.labels))]);

describe('the example rules', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s asks only for what the agent tells', (_alert, rule) => {
    expect(metricsIn(rule.expr).length).toBeGreaterThan(0);
    expect(metricsIn(rule.expr).filter((name) => !names.has(name))).toEqual([]);
    expect(labelsIn(rule.expr).filter((label) => !labels.has(label))).toEqual([]);
    expect(rule.annotations).toEqual({ summary: expect.any(String), description: expect.any(String) });
    expect(['critical', 'error', 'warning']).toContain(rule.labels.severity);
  });
});

describe('the example dashboard', () => {
  it.each(targets.map(({ expr }) => [expr]))('%s asks only for what the agent tells', (expr) => {
    expect(metricsIn(expr).length).toBeGreaterThan(0);
    expect(metricsIn(expr).filter((name) => !names.has(name))).toEqual([]);
    expect(labelsIn(expr).filter((label) => !labels.has(label))).toEqual([]);
  });

  it('takes its data source from a variable and knows no address', () => {
    const source = { type: 'prometheus', uid: expect.stringMatching(/^\$\{datasource\}$/) };
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
      expect(panel).toMatchObject({ datasource: source });
      for (const target of panel.targets ?? []) expect(target.datasource).toEqual(source);
    }
    expect(JSON.stringify(dashboard)).not.toMatch(/https?:|localhost|127\.0\.0\.1/);
  });

  it('is of a schema that Grafana 10 and later read, with a stable identity', () => {
    expect(dashboard.schemaVersion).toBe(39);
    expect(dashboard.uid).toMatch(/^[a-z-]{1,40}$/);
  });

  it('gives every panel its own id and place, and every query of a panel its own letter', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const panel of panels) {
      const letters = (panel.targets ?? []).map(({ refId }) => refId);
      expect(new Set(letters).size).toBe(letters.length);
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      const overlapping = panels.filter((other) => other !== panel && overlap(panel.gridPos, other.gridPos));
      expect(overlapping.map(({ title }) => [panel.title, title])).toEqual([]);
    }
  });
});

const overlap = (a: Panel['gridPos'], b: Panel['gridPos']): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe('the guide', () => {
  it('names every metric of the agent, and no other', () => {
    const guide = file('docs/guide.md');
    const section = guide.slice(guide.indexOf("## The agent's own metrics")).split('\n## ')[0] ?? '';
    const told = new Set(metricsIn(section).filter((name) => name.startsWith('warroom_')));
    const own = [...names].filter((name) => name.startsWith('warroom_'));
    const families = new Set(own.map((name) => name.replace(/(_seconds)_(?:bucket|sum|count)$/, '$1')));
    expect([...told].sort()).toEqual([...families].sort());
  });
});
