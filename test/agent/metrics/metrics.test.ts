import { describe, expect, it } from 'vitest';
import { measuredRoom, sourceHealth } from './measured-room.ts';
import { told, valueIn } from './samples.ts';

describe('what the agent tells of appends and alerts', () => {
  it('is a histogram in seconds, from 0.1 ms to 5 s', async () => {
    const room = measuredRoom();
    for (const tookMs of [0.05, 3, 7_000]) room.metrics().observeAppend(tookMs);
    const samples = await room.samples();
    const name = 'warroom_append_duration_seconds';
    expect(valueIn(samples, `${name}_bucket`, { le: '0.0001' })).toBe(1);
    expect(valueIn(samples, `${name}_bucket`, { le: '0.005' })).toBe(2);
    expect(valueIn(samples, `${name}_bucket`, { le: '5' })).toBe(2);
    expect(valueIn(samples, `${name}_bucket`, { le: '+Inf' })).toBe(3);
    expect(valueIn(samples, `${name}_sum`)).toBeCloseTo(7.003_05);
  });

  it('counts alerts by source; 0 makes a source known', async () => {
    const room = measuredRoom();
    room.metrics().observeAlerts('alertmanager', 3);
    room.metrics().observeAlerts('alertmanager', 4);
    room.metrics().observeAlerts('grafana', 0);
    const samples = await room.samples();
    expect(told(samples, 'warroom_alerts_total')).toEqual({ alertmanager: 7 });
    expect(valueIn(samples, 'warroom_alerts_total', { source: 'grafana' })).toBe(0);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('leaves %d out', async (number) => {
    const room = measuredRoom();
    room.metrics().observeAppend(number);
    room.metrics().observeAlerts('alertmanager', number);
    const samples = await room.samples();
    expect(valueIn(samples, 'warroom_append_duration_seconds_count')).toBe(0);
    expect(told(samples, 'warroom_alerts_total')).toEqual({});
  });
});

describe('names from outside', () => {
  const hostile: readonly (readonly [string, string, string])[] = [
    ['quotes and backslashes', 'a"b\\n\\"} 1', 'a"b\\n\\"} 1'],
    ['a line that looks like a sample', 'x"} 1\nwarroom_clients 99\n', 'x"} 1 warroom_clients 99'],
    ['terminal escapes', '\u001b[2Jcheckout\u001b]52;c;aGk=\u0007\u0000', 'checkout'],
    ['nothing that is seen', '\u200b\u202e\u0000', 'unnamed'],
    ['half a character', '\ud800x', '\ufffdx'],
    ['the name of a prototype', '__proto__', '__proto__'],
  ];
  it.each(hostile)('with %s become one safe value', async (_name, raw, safe) => {
    const room = measuredRoom({ health: () => [sourceHealth(raw, { failing: true })] });
    room.metrics().observeAlerts(raw, 2);
    const samples = await room.samples();
    expect(told(samples, 'warroom_source_failing')).toEqual({ [safe]: 1 });
    expect(told(samples, 'warroom_alerts_total')).toEqual({ [safe]: 2 });
    expect(valueIn(samples, 'warroom_clients')).toBe(2);
  });

  it('of ten thousand characters are cut', async () => {
    const room = measuredRoom({ health: () => [sourceHealth('é"'.repeat(5_000))] });
    const sample = (await room.samples()).find(({ name }) => name === 'warroom_source_failing');
    expect(sample?.labels.source).toHaveLength(100);
  });

  it('are at most a hundred for a label, the rest together', async () => {
    const room = measuredRoom();
    for (let index = 0; index < 5_000; index++) room.metrics().observeAlerts(`source ${index}`, 1);
    room.metrics().observeAlerts('source 7', 1);
    const alerts = (await room.samples()).filter(({ name }) => name === 'warroom_alerts_total');
    expect(alerts).toHaveLength(101);
    expect(valueIn(alerts, 'warroom_alerts_total', { source: 'other' })).toBe(4_900);
    expect(valueIn(alerts, 'warroom_alerts_total', { source: 'source 7' })).toBe(2);
  });
});

describe('two agents in one process', () => {
  it('count for themselves', async () => {
    const [one, other] = [measuredRoom(), measuredRoom({ version: '2.0.0' })];
    one.metrics().observeAppend(1);
    expect(valueIn(await one.samples(), 'warroom_append_duration_seconds_count')).toBe(1);
    expect(valueIn(await other.samples(), 'warroom_append_duration_seconds_count')).toBe(0);
  });
});
