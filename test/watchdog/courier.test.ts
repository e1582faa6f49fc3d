import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/agent/config/config.ts';
import type { NotifyResult, OutgoingMessage } from '../../src/agent/notifiers/notifier.ts';
import { safeText } from '../../src/incident/text.ts';
import { type CourierParts, deliver, destinationsOf } from '../../src/watchdog/courier.ts';
import type { Saying } from '../../src/watchdog/watch.ts';
import { load } from '../agent/config/load.ts';

const saying: Saying = {
  about: 'silent',
  trouble: 'silent',
  since: '2026-11-22T03:00:00.000Z',
  now: '2026-11-22T03:00:31.000Z',
  round: 1,
  isUrgent: false,
  heardAt: '2026-11-22T03:00:00.000Z',
  incidents: [],
  why: null,
};

const passing = (mayHaveArrived = false): NotifyResult => ({
  ok: false,
  reason: 'unreachable',
  detail: 'connection refused',
  retry: true,
  retryAfterMs: null,
  mayHaveArrived,
});
const final: NotifyResult = { ok: false, reason: 'rejected', detail: 'answered 403', retry: false, retryAfterMs: null };

let config: Config;
beforeEach(async () => {
  config = await load({
    'notifications.yaml': `
contacts: { ana: { webhook: "http://127.0.0.1/a" }, ben: { webhook: "http://127.0.0.1/b" } }
sinks: { channel: { webhook: "http://127.0.0.1/c" } }
`,
    'watchdog.yaml': 'contacts: [ana, cto, ben]\nsinks: [channel]\n',
  });
});

/** Ways that answer as told, by contact and channel; the last answer stays. */
const ways = (answers: Readonly<Record<string, readonly NotifyResult[]>>) => {
  const sent: OutgoingMessage[] = [];
  const failures: string[] = [];
  const waits: number[] = [];
  const parts: CourierParts = {
    notifier: (channel, to) => ({
      send: async (outgoing) => {
        const before = sent.filter((one) => one.id === outgoing.id).length;
        sent.push(outgoing);
        const its = answers[`${to}/${channel}`] ?? [{ ok: true }];
        return its[before] ?? its.at(-1) ?? { ok: true };
      },
    }),
    wait: async (ms) => void waits.push(ms),
    failed: ({ to, channel }, detail) => failures.push(`${to}/${channel}: ${detail}`),
  };
  const tell = (its: Saying = saying): Promise<boolean> =>
    deliver(
      { saying: its, text: safeText('no word'), to: destinationsOf(config, its) },
      parts,
      new AbortController().signal,
    );
  return { sent, failures, waits, tell };
};

describe('a saying', () => {
  const to = (its: Partial<Saying>) =>
    destinationsOf(config, { ...saying, ...its }).map((one) => `${one.to}/${one.channel}`);

  it('reaches one more contact each round, by each of their ways, and the sinks every time', () => {
    expect(to({ round: 1 })).toEqual(['ana/webhook', 'ana/log', 'channel/webhook']);
    expect(to({ round: 2 })).toEqual(['ana/webhook', 'ana/log', 'cto/log', 'channel/webhook']);
    expect(to({ round: 9 })).toHaveLength(6);
  });

  it('that is urgent reaches everybody at once', () => {
    expect(to({ round: 1, isUrgent: true })).toEqual(to({ round: 9 }));
  });

  it('is a page for contacts, news for sinks, and a notice once it is over', async () => {
    const { sent, tell } = ways({});
    expect(await tell()).toBe(true);
    expect(await tell({ ...saying, about: 'over' })).toBe(true);
    expect(sent.filter(({ to: who }) => who !== 'channel').map(({ kind }) => kind)).toEqual([
      'page',
      'page',
      'notice',
      'notice',
    ]);
    expect(sent.filter(({ to: who }) => who === 'channel').map(({ kind }) => kind)).toEqual([
      'announcement',
      'announcement',
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
  });

  it('is tried again where that may help, marked where it may have arrived, and given up in the end', async () => {
    const { sent, failures, waits, tell } = ways({
      'ana/webhook': [passing(true), { ok: true }],
      'channel/webhook': [passing()],
    });
    expect(await tell()).toBe(true);
    const tries = (who: string) =>
      sent.filter((one) => one.to === who && one.id.endsWith('webhook')).map((one) => one.possibleDuplicate);
    expect(tries('ana')).toEqual([false, true]);
    expect(tries('channel')).toEqual([false, false, false]);
    expect(waits).toHaveLength(3);
    expect(failures).toContain('channel/webhook: unreachable: connection refused');
  });

  it('reached nobody where all ways to people fail: a line in a log wakes nobody', async () => {
    const { tell, failures } = ways({ 'ana/webhook': [final], 'channel/webhook': [final] });
    expect(await tell()).toBe(false);
    expect(failures).toEqual(['ana/webhook: rejected: answered 403', 'channel/webhook: rejected: answered 403']);
  });

  it('that has only the log to go to has arrived there', async () => {
    config = await load({ 'watchdog.yaml': 'contacts: [cto]\n' });
    const { tell } = ways({});
    expect(await tell()).toBe(true);
  });

  it('reaches the others when one way throws', async () => {
    const failures: string[] = [];
    const parts: CourierParts = {
      notifier: (_, to) => ({
        send: async () => {
          if (to === 'ana') throw new Error('a bug');
          return { ok: true };
        },
      }),
      wait: async () => {},
      failed: ({ to, channel }, detail) => failures.push(`${to}/${channel}: ${detail}`),
    };
    const parcel = { saying, text: safeText('no word'), to: destinationsOf(config, saying) };
    expect(await deliver(parcel, parts, new AbortController().signal)).toBe(true);
    expect(failures).toEqual(['ana/webhook: not-configured: a bug', 'ana/log: not-configured: a bug']);
  });
});
