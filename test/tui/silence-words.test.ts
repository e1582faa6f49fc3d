import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/incident/time.ts';
import { silenceFrom } from '../../src/tui/silence-words.ts';

describe('a silence in one line', () => {
  it.each([
    ['checkout 30m deploy of 4.2', ['checkout'], 30 * MINUTE, 'deploy of 4.2'],
    ['  checkout   payments  2h ', ['checkout', 'payments'], 2 * HOUR, ''],
    ['* 10m everything moves', ['*'], 10 * MINUTE, 'everything moves'],
    ['checkout 30m until 5m after', ['checkout'], 30 * MINUTE, 'until 5m after'],
    ['checkout 7d', ['checkout'], 7 * 24 * HOUR, ''],
    ['checkout 1m', ['checkout'], MINUTE, ''],
  ])('%o', (text, services, forMs, reason) => {
    expect(silenceFrom(text)).toEqual({
      ok: true,
      command: { type: 'silence', services, startsInMs: 0, forMs, reason },
    });
  });

  it.each([
    ['', 'expected a service and how long, e.g. checkout 30m deploy'],
    ['checkout', 'expected a service and how long, e.g. checkout 30m deploy'],
    ['30m deploy', 'expected a service and how long, e.g. checkout 30m deploy'],
    ['checkout forever', 'expected a service and how long, e.g. checkout 30m deploy'],
    ['checkout 30s', 'a silence lasts from 1 minute to 7 days'],
    ['checkout 8d', 'a silence lasts from 1 minute to 7 days'],
    [`${'a '.repeat(51)}5m`, 'at most 50 services in one silence; * is every one'],
    ['checkout -5m', 'expected a service and how long, e.g. checkout 30m deploy'],
  ])('says what is wrong with %o', (text, expected) => {
    expect(silenceFrom(text)).toEqual({ ok: false, expected });
  });
});
