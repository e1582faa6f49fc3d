import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../../src/incident/signals.ts';
import { incidentLines } from '../../../src/tui/incident-lines.ts';
import { joiningLines } from '../../../src/tui/plain/look-lines.ts';
import { newsLines } from '../../../src/tui/plain/news-lines.ts';
import { type SignalWatch, signalNews } from '../../../src/tui/plain/signal-news.ts';
import { check, type FakeRoom } from '../../support/fake-room-client.ts';
import { evidence } from '../../support/room.ts';
import {
  apply,
  arm,
  calmRoom,
  commandedRoom,
  containedRoom,
  failingRoom,
  INCIDENT,
  severalRoom,
  unknownRoom,
} from '../../support/rooms-to-look-at.ts';

const newsOf = (room: FakeRoom, change: (room: FakeRoom) => void, awayMs = 0): readonly string[] => {
  const before = room.view();
  change(room);
  room.changed();
  return newsLines(before, room.view(), { now: room.now(), awayMs });
};

describe('news', () => {
  it('is one line for each fact, with the time, who, and what', () => {
    expect(newsOf(commandedRoom(), (room) => apply(room, arm(room, 'circuit-breaker')))).toMatchInlineSnapshot(`
      [
        "10:02:27 ana armed circuit-breaker on checkout (A1)",
        "10:02:27 ana confirmed circuit-breaker on checkout (A1)",
        "10:02:27 ana phase triage → containment",
        "10:02:27 room applied circuit-breaker on checkout (A1), errors were 41 %",
      ]
    `);
  });

  it('begins with the severity where that changes', () => {
    const room = commandedRoom('chris');
    const of = { incident: INCIDENT, reason: 'all of them' as never } as const;
    expect(
      newsOf(room, ({ story }) => void story.does('ana', { type: 'set-severity', severity: 'SEV3', ...of }))[0],
    ).toMatch(/^SEV3 \d\d:\d\d:\d\d ana SEV2 → SEV3: all of them$/);
    expect(
      newsOf(room, ({ story }) => void story.does('ben', { type: 'set-severity', severity: 'SEV1', ...of }))[0],
    ).toMatch(/^for you: SEV1 \d\d:\d\d:\d\d ben SEV3 → SEV1: all of them$/);
  });

  it('says first what is for me, also where the fact itself is no news to others', () => {
    const paged = (room: FakeRoom): void => {
      room.story.pass(30 * 60_000);
      const level = room.story.incident().escalation?.levels.find(({ reachedAt }) => reachedAt === null)?.level ?? '';
      room.story.agentDoes({ type: 'reach-level', incident: INCIDENT, level });
    };
    const mine = newsOf(failingRoom('incident-commander'), paged);
    expect(mine.filter((line) => line.startsWith('for you: '))).toEqual([
      expect.stringMatching(/^for you: \d\d:\d\d:\d\d page for you: SEV2 checkout: 41 % of requests fail$/),
    ]);
    expect(newsOf(failingRoom('ana'), paged).join()).not.toContain('for you');
  });

  it('names the incident where there are several', () => {
    const note = ({ story }: FakeRoom) =>
      void story.does('ben', { type: 'add-note', incident: INCIDENT, text: 'look' as never });
    expect(newsOf(failingRoom(), note)[0]).toMatch(/^\d\d:\d\d:\d\d ben note: look$/);
    expect(newsOf(severalRoom(), note)[0]).toMatch(/^\d\d:\d\d:\d\d INC-1 ben note: look$/);
  });

  it('tells of a connection once when it is lost and once when it is back', () => {
    const room = calmRoom();
    const lost = newsOf(room, () => room.connection({ name: 'stale', sinceMs: 0, attempt: 1 }));
    expect(lost).toEqual([expect.stringContaining('CONNECTION LOST')]);
    expect(newsOf(room, () => room.connection({ name: 'stale', sinceMs: 0, attempt: 2 }))).toEqual([]);
    const back = newsOf(room, () => room.connection({ name: 'live' }), 47_000);
    expect(back).toEqual([expect.stringContaining('connected again, after 47 s')]);
  });

  it('tells of an agent that takes no more', () => {
    const room = calmRoom();
    const { agent } = room.view();
    if (agent === null) throw new Error('no agent');
    expect(newsOf(room, () => room.with({ agent: { ...agent, writable: false } }))[0]).toContain('AGENT READ-ONLY');
    expect(newsOf(room, () => room.with({ agent }))[0]).toContain('takes commands again');
  });

  it('tells of silences, and of their end', () => {
    const room = calmRoom();
    const set = newsOf(room, ({ story }) => {
      const services = ['checkout' as never];
      story.does('ben', { type: 'silence', services, startsInMs: 0, forMs: 600_000, reason: 'deploy' as never });
    });
    expect(set).toEqual([
      expect.stringMatching(/ben silences checkout from \d\d:\d\d:\d\d to \d\d:\d\d:\d\d \(S1\): deploy$/),
    ]);
    const lifted = newsOf(room, ({ story }) => void story.does('ana', { type: 'lift-silence', silence: 'S1' }));
    expect(lifted).toEqual([expect.stringContaining('the silence on checkout was lifted by ana')]);
  });

  it('tells the first of a storm of alerts, and how many more there were', () => {
    const room = failingRoom();
    const lines = newsOf(room, ({ story }) => {
      for (let count = 0; count < 20; count++) {
        story.does('source', {
          type: 'report-alert',
          source: 'probe' as never,
          fingerprint: `f${count}` as never,
          service: 'checkout' as never,
          givenSeverity: 'warning' as never,
          message: `alert ${count}` as never,
          firing: true,
        });
      }
      story.does('ben', { type: 'add-note', incident: INCIDENT, text: 'I see them' as never });
    });
    expect(lines.filter((line) => line.includes('alert of probe'))).toHaveLength(5);
    expect(lines.join('\n')).toContain('ben note: I see them');
    expect(lines.at(-1)).toBe('and 15 more alerts, not read out: timeline');
  });

  it('is nothing when nothing happened', () => {
    expect(newsOf(failingRoom(), () => {})).toEqual([]);
  });
});

describe('numbers as news', () => {
  const following = (room: FakeRoom) => {
    let watch: SignalWatch | null = null;
    let nowMs = 0;
    const look = (): readonly string[] => {
      const news = signalNews(watch, room.view(), nowMs);
      watch = news.watch;
      return news.lines;
    };
    look();
    return {
      /** Looks each second, as the numbers come. */
      during: (seconds: number): readonly string[] =>
        Array.from({ length: seconds }, () => {
          nowMs += 1_000;
          return look();
        }).flat(),
    };
  };

  it('is told when a limit is crossed, and when that is over and has lasted; not each second', () => {
    const room = calmRoom();
    const { during } = following(room);
    expect(during(60)).toEqual([]);
    room.reads('checkout', known(0.41));
    expect(during(60)).toEqual(['checkout ABOVE ITS LIMIT: errors 41 %, limit 1.0 %']);
    room.reads('checkout', known(0.002));
    expect(during(9)).toEqual([]);
    expect(during(60)).toEqual(['checkout is within its limit again: errors 0.2 %']);
  });

  it('is not told for one bad second, nor for each swing of a number at its limit', () => {
    const room = calmRoom();
    const { during } = following(room);
    const lines: string[] = [];
    for (let swing = 0; swing < 20; swing++) {
      room.reads('checkout', known(swing % 2 === 0 ? 0.011 : 0.009));
      lines.push(...during(2));
    }
    expect(lines).toEqual([]);
  });

  it('is told when nothing is known any more, with the reason, and when it is again', () => {
    const room = calmRoom();
    const { during } = following(room);
    room.reads('checkout', unknown('timeout'));
    expect(during(30)).toEqual(['checkout UNKNOWN: timeout']);
    room.reads('checkout', known(0.002));
    expect(during(30)).toEqual(['checkout is measured again: errors 0.2 %']);
    room.reads('checkout', unknown('idle'));
    expect(during(30)).toEqual([]);
  });

  it('is told of checks', () => {
    const room = calmRoom();
    const { during } = following(room);
    const since = room.story.now();
    room.checks('checkout', [
      check('checkout', 'http', 'down', { since, detail: 'timeout after 2 s' }),
      check('checkout', 'db', 'up', { since }),
    ]);
    expect(during(30)).toEqual(['check http of checkout FAILS: timeout after 2 s']);
    room.checks('checkout', [
      check('checkout', 'http', 'up', { since }),
      check('checkout', 'db', 'unknown', { since }),
    ]);
    expect(during(30)).toEqual(['check db of checkout UNKNOWN', 'check http of checkout is up again']);
  });

  it('is nothing of what was there on joining', () => {
    expect(following(failingRoom()).during(30)).toEqual([]);
  });

  it('is told of a service that appears and fails', () => {
    const room = calmRoom();
    const { during } = following(room);
    room.reads('constructor', unknown('unreachable'));
    expect(during(30)).toEqual(['constructor UNKNOWN: unreachable']);
  });
});

describe('what somebody hears who joins', () => {
  it('is each open incident in short', () => {
    const room = containedRoom();
    const said = joiningLines(room.view(), room.now()).join('\n');
    for (const part of [
      'warroom as ana, 10:03:12, times are UTC; 1 open incident; help lists the words\nSEV2 INC-1: checkout: 41 % of requests fail\n',
      'phase containment, declared 10:00:00',
      'commander ana',
      'checkout errors 2.1 %',
      'A1 circuit-breaker on checkout by ana, taken back at 11:02:32',
      'escalation held by ana until 10:32:27',
      'room applied circuit-breaker on checkout (A1)',
    ])
      expect(said).toContain(part);
    // How long ago is old the moment after: it is told on request.
    expect(said).not.toMatch(/ ago| in \d+ (?:s|min|h)\b/);
  });

  it('is every service where all is calm', () => {
    const room = calmRoom();
    expect(joiningLines(room.view(), room.now()).join('\n')).toMatchInlineSnapshot(`
      "warroom as ana, 10:00:00, times are UTC; no incident; help lists the words
      checkout: errors 0.2 %, p95 0.11 s, 96 /s, http up, db up
      payments: errors 0.2 %, p95 0.11 s, 96 /s
      search: errors 0.2 %, p95 0.11 s, 96 /s
      vault: errors 0.2 %, p95 0.11 s, 96 /s"
    `);
  });

  it.each([failingRoom, commandedRoom, containedRoom, unknownRoom, crowdedRoom])(
    'is at most twenty lines an incident: %#',
    (open) => {
      const room = open();
      for (const withElapsed of [true, false]) {
        const lines = incidentLines(room.view(), room.story.incident(), { now: room.now(), withElapsed });
        expect(lines.length).toBeLessThanOrEqual(20);
      }
    },
  );

  it('is bounded, however many incidents there are', () => {
    const room = calmRoom();
    for (let count = 0; count < 200; count++) room.story.declares(['search']);
    room.changed();
    const lines = joiningLines(room.view(), room.now());
    expect(lines.length).toBeLessThan(150);
    expect(lines.at(-1)).toBe('and 165 more: incidents');
  });
});

/** More of everything than twenty lines hold. */
function crowdedRoom(): FakeRoom {
  const room = containedRoom();
  const { story } = room;
  const services = ['checkout', 'payments', 'search', 'vault'];
  story.does('ana', { type: 'change-services', incident: INCIDENT, services: services as never });
  const since = story.now();
  for (const service of services) {
    room.reads(service, known(0.5));
    room.checks(
      service,
      ['a', 'b', 'c'].map((name) => check(service, name, 'down', { since, detail: 'timeout' })),
    );
  }
  for (const service of ['payments', 'search', 'vault']) apply(room, arm(room, 'scale-down', 'ana', service));
  arm(room, 'block', 'ben');
  for (let count = 0; count < 30; count++)
    story.does('ben', { type: 'add-note', incident: INCIDENT, text: `try ${count}` as never });
  story.agentDoes({ type: 'report-breach', severity: 'SEV1', evidence: evidence('checkout', 'errors-half') });
  room.changed();
  return room;
}
