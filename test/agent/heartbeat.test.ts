import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Heartbeat } from '../../src/agent/config/config.ts';
import { startHeartbeat } from '../../src/agent/heartbeat.ts';
import { agentUnderTest } from '../support/agent-under-test.ts';
import { manualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { type LoopbackServer, loopbackServer } from './drivers/loopback-server.ts';

let server: LoopbackServer;
beforeEach(async () => {
  server = await loopbackServer((_, response) => void response.end('OK'));
});
afterEach(() => server.close());

const beating = (its: { writable?: boolean; looks?: () => Promise<boolean>; url?: string } = {}) => {
  const clock = manualClock();
  const state = {
    configured: { url: its.url ?? `${server.url}/ping/c0ffee`, everyMs: 30_000 } as Heartbeat | null,
    writable: its.writable ?? true,
    looks: its.looks ?? (async () => true),
  };
  const told: (string | null)[] = [];
  const stop = startHeartbeat({
    clock,
    configured: () => state.configured,
    writable: () => state.writable,
    looks: () => state.looks(),
    told: ({ error }) => told.push(error),
  });
  const beats = (count: number) => until(`beat ${count}`, () => told.length >= count);
  return { clock, state, told, beats, stop };
};

describe('the heartbeat', () => {
  it('calls at once and then as often as it is told, for as long as the agent is well', async () => {
    const { clock, told, beats, stop } = beating();
    await beats(1);
    await clock.advance(29_000);
    expect(server.seen).toHaveLength(1);
    await clock.advance(1_000);
    await beats(2);
    expect(told).toEqual([null, null]);
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /ping/c0ffee',
      'GET /ping/c0ffee',
    ]);
    stop();
    await clock.advance(120_000);
    expect(server.seen).toHaveLength(2);
  });

  it('is silent while the log takes no writes, and says so', async () => {
    const { clock, state, told, beats, stop } = beating({ writable: false });
    await beats(1);
    expect(told).toEqual(['not sent: the log takes no writes']);
    expect(server.seen).toEqual([]);
    state.writable = true;
    await clock.advance(30_000);
    await beats(2);
    expect(server.seen).toHaveLength(1);
    stop();
  });

  it('is silent while a look at what is due fails, or does not end', async () => {
    const { clock, state, told, beats, stop } = beating({ looks: async () => false });
    await beats(1);
    state.looks = () => new Promise(() => {});
    await clock.advance(30_000);
    await clock.advance(5_000);
    await beats(2);
    const words = 'not sent: the agent does not get to what is due';
    expect(told).toEqual([words, words]);
    expect(server.seen).toEqual([]);
    stop();
  });

  it('tells an answer that is no success, and a server that is not there, without the address', async () => {
    server.answer((_, response) => {
      response.statusCode = 404;
      response.end('no check c0ffee');
    });
    const { clock, state, told, beats, stop } = beating();
    await beats(1);
    state.configured = { url: 'http://127.0.0.1:1/ping/c0ffee', everyMs: 30_000 };
    await clock.advance(30_000);
    await beats(2);
    expect(told[0]).toBe('answered 404');
    expect(told[1]).not.toBeNull();
    expect(told.join()).not.toContain('c0ffee');
    stop();
  });

  it('begins when it is configured, without a restart', async () => {
    const { clock, state, told, beats, stop } = beating();
    await beats(1);
    state.configured = null;
    await clock.advance(120_000);
    expect(told).toHaveLength(1);
    state.configured = { url: `${server.url}/other`, everyMs: 30_000 };
    await clock.advance(5_000);
    await beats(2);
    expect(server.seen.map(({ path }) => path)).toEqual(['/ping/c0ffee', '/other']);
    stop();
  });

  it('is sent by an agent that starts, and what becomes of it is shown among the sources', async () => {
    const agent = await agentUnderTest({ 'watchdog.yaml': `heartbeat: { url: "${server.url}/ping/c0ffee" }\n` });
    try {
      await until('a beat', () => server.seen.length > 0);
      const token = (await readFile(join(agent.stateDirectory, 'token'), 'utf8')).trim();
      const metrics = await until('the heartbeat among the metrics', async () => {
        const answer = await fetch(`${agent.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
        const text = await answer.text();
        return text.includes('warroom_source_failing{source="heartbeat"}') ? text : null;
      });
      expect(metrics).toContain('warroom_source_failing{source="heartbeat"} 0');
      expect(`${metrics}${agent.lines.join()}`).not.toContain('c0ffee');
    } finally {
      await agent.clear();
    }
  });
});
