import { Writable } from 'node:stream';
import unicode from 'blessed/lib/unicode.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readAlerts } from '../../src/agent/alerts/read-alerts.ts';
import { formatProblem } from '../../src/agent/config/problems.ts';
import { createMetrics } from '../../src/agent/metrics/metrics.ts';
import { emailMessage } from '../../src/agent/notifiers/email-message.ts';
import { slackMessage } from '../../src/agent/notifiers/slack-message.ts';
import { webhookNotifier } from '../../src/agent/notifiers/webhook.ts';
import { LOG_FORMATS, openAgentLog } from '../../src/agent/open-agent-log.ts';
import { columns, printJson, printLines, printQuestion } from '../../src/cli/print.ts';
import { tmuxLine } from '../../src/cli/status-tmux.ts';
import { personCommandSchema } from '../../src/incident/commands.ts';
import { safeJson, safeText } from '../../src/incident/text.ts';
import { toEpochMs } from '../../src/incident/time.ts';
import { decodeClientMessage, encode } from '../../src/protocol/codec.ts';
import { type Dialog, onScreen, SCREENS } from '../../src/tui/dialog.ts';
import { frame } from '../../src/tui/frame.ts';
import { paintRow } from '../../src/tui/paint.ts';
import { createTeller } from '../../src/tui/plain/teller.ts';
import { summaryLines } from '../../src/tui/summary.ts';
import { terminalSignals } from '../../src/tui/terminal-signals.ts';
import { themeNamed } from '../../src/tui/theme.ts';
import { initialUi } from '../../src/tui/ui.ts';
import { drawableText } from '../../src/tui/wall/drawable.ts';
import { widthOf } from '../../src/tui/width.ts';
import { outgoingMessage } from '../contract/notifier-contract.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { bodies, commandsWith } from '../support/hostile-entrances.ts';
import { EVERYTHING, HOSTILE_TEXTS, HUGE, payloadIn, steering, textsIn } from '../support/hostile-texts.ts';
import { START } from '../support/room.ts';
import { arm, INCIDENT, severalRoom } from '../support/rooms-to-look-at.ts';
import { spoilt } from '../support/spoilt.ts';

const ALL = [...HOSTILE_TEXTS, { what: 'a megabyte', text: HUGE }];

const OUR_STYLES = /\u001b\[[\d;]*m/g;

/** Nothing of it steers a terminal, and nothing of an attack is left as words. */
const expectHarmless = (text: string, what: string): void => {
  expect(steering(text), what).toBeNull();
  expect(payloadIn(text), what).toBeNull();
};

const expectHarmlessLine = (text: string, what: string): void => {
  expectHarmless(text, what);
  expect(text.replace(/\n$/, ''), what).not.toContain('\n');
};

const written = (write: (to: { write(text: string): boolean; readonly writableLength: number }) => void): string => {
  let all = '';
  write({
    writableLength: 0,
    write: (text) => {
      all += text;
      return true;
    },
  });
  return all;
};

/** A room told by an agent that cannot be trusted: every text of it is as it came. */
const spoiltRoom = (text: string): FakeRoom => {
  const room = severalRoom();
  arm(room, 'scale-down', 'ben');
  const { room: state, signals, policy, presence } = room.view();
  room.with({
    room: spoilt(state, text),
    signals: spoilt(signals, text),
    policy: spoilt(policy, text),
    presence: [...presence, { name: text, at: 'room', incident: INCIDENT, since: START, skewMs: 0 }],
    me: text,
  });
  return room;
};

describe('the judge of hostile text', () => {
  it('finds something in each attack on a terminal, so that none of these tests is blind', () => {
    const seen = HOSTILE_TEXTS.filter(({ text }) => steering(text) !== null);
    expect(seen.length).toBeGreaterThan(40);
    expect(steering('checkout läuft 漢字 ✓ 🔥\n')).toBeNull();
  });
});

describe('safe text', () => {
  it.each(ALL)('makes one harmless, bounded line of $what, and keeps what came before it', ({ what, text }) => {
    const safe = safeText(text, 300);
    expectHarmlessLine(safe, what);
    expect(safe.length).toBeLessThanOrEqual(300);
    expect(safe).toContain('before');
    expect(safeText(safe, 300)).toBe(safe);
  });

  it('as JSON arrives unchanged, on one line that steers nothing', () => {
    for (const { what, text } of HOSTILE_TEXTS) {
      const json = safeJson({ [text]: [text] });
      expect(steering(json.replace(/\p{M}/gu, '')), what).toBeNull();
      expect(json, what).not.toContain('\n');
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
    }
  });
});

describe('what is drawn', () => {
  const paint = { theme: themeNamed('sixteen'), glyphs: 'unicode' } as const;

  it('in a row is harmless and no wider than the row', () => {
    for (const { what, text } of ALL) {
      const row = [{ text: ` ${text}`, style: 'loud' } as const, { text, style: 'dim' } as const];
      const bare = paintRow(row, 60, paint).replace(OUR_STYLES, '');
      expectHarmlessLine(bare, what);
      expect(widthOf(bare), what).toBeLessThanOrEqual(60);
    }
  });

  it('on every screen of a spoilt room is harmless and fits', () => {
    const dialogs: readonly (Dialog | null)[] = [
      null,
      ...SCREENS.map((screen) => onScreen(screen, { filter: EVERYTHING.slice(0, 50) })),
      { name: 'palette', text: EVERYTHING, cursor: 0 },
      { name: 'entry', purpose: { kind: 'note', incident: INCIDENT }, text: EVERYTHING },
    ];
    const room = spoiltRoom(EVERYTHING);
    for (const dialog of dialogs) {
      const moment = { view: room.view(), ui: { ...initialUi, dialog }, now: toEpochMs(room.story.now()) };
      for (const row of frame(moment, { columns: 100, rows: 40 }).rows) {
        const bare = paintRow(row, 100, paint).replace(OUR_STYLES, '');
        expectHarmlessLine(bare, JSON.stringify(dialog)?.slice(0, 60));
        expect(widthOf(bare)).toBeLessThanOrEqual(100);
      }
    }
  });

  it('on the wall has the width that both the library and the terminal count', () => {
    const cellsOf = (character: string): number => unicode.charWidth(character);
    for (const { what, text } of HOSTILE_TEXTS) {
      const drawn = drawableText(text, cellsOf);
      expectHarmlessLine(drawn, what);
      expect(
        [...drawn].reduce((sum, character) => sum + cellsOf(character), 0),
        what,
      ).toBe(widthOf(drawn));
    }
  });

  it('as lines, as the last words and on the command line is harmless', () => {
    for (const { what, text } of ALL) {
      expectHarmlessLine(
        written((to) => createTeller(to, 'unicode')([`  ${text}`])),
        what,
      );
      expectHarmlessLine(
        written((to) => printLines(to, [`  ${text}`])),
        what,
      );
      expectHarmlessLine(
        written((to) => printQuestion(to, text)),
        what,
      );
      for (const line of columns([
        [text, 'x'],
        ['y', text],
      ]))
        expectHarmlessLine(line, what);
    }
    const room = spoiltRoom(EVERYTHING);
    const incident = room.view().room.incidents[INCIDENT] ?? null;
    for (const line of summaryLines(room.view(), incident, { columns: 120, leaving: 'agent-goes-on' }))
      expectHarmlessLine(line, 'summary');
  });

  it('as JSON on a terminal is its value, and steers nothing', () => {
    const json = written((to) => printJson(to, HOSTILE_TEXTS));
    expect(steering(json.replace(/\p{M}/gu, ''))).toBeNull();
    expect(JSON.parse(json)).toEqual(HOSTILE_TEXTS);
  });
});

describe('what is written beside the screen', () => {
  it('as the title of the window ends where it ends, and holds no format of tmux', () => {
    for (const { what, text } of ALL) {
      const bytes = written(({ write }) =>
        terminalSignals({ write, env: {}, localNow: () => 0 }).begin(spoiltRoom(text).view()),
      );
      const [, title = '', rest] = /^\u001b\[22;2t\u001b\]2;([^\u001b]*)\u001b\\(.*)$/s.exec(bytes) ?? [];
      expect(rest, what).toBe('');
      expectHarmlessLine(title, what);
      expect(title, what).toContain('SEV1');
      expect(title, what).not.toMatch(/#[[({]/);
      expect(widthOf(title), what).toBeLessThanOrEqual(60);
    }
  });

  it('in the status bar of tmux has no format but ours', () => {
    for (const { what, text } of HOSTILE_TEXTS) {
      const room = spoiltRoom(text);
      const line = tmuxLine(room.view(), room.now());
      const [, inside = '#'] = /^#\[fg=[a-z,]+\](.*)#\[default\]$/.exec(line) ?? [];
      expect(inside.replaceAll('##', ''), what).not.toContain('#');
      expectHarmlessLine(line, what);
    }
  });

  it.each(LOG_FORMATS)('in the log of the agent as %s is one harmless line each', (format) => {
    let all = '';
    const stream = new Writable({
      write: (chunk, _, done) => {
        all += String(chunk);
        done();
      },
    });
    const log = openAgentLog(stream, format);
    for (const { text } of HOSTILE_TEXTS) {
      log.warn(text, { service: text, to: text, err: new Error(text) });
      log.fault(text, new Error(text), { incident: text });
    }
    const lines = all.trimEnd().split('\n');
    expect(lines).toHaveLength(2 * HOSTILE_TEXTS.length);
    for (const line of lines) expectHarmlessLine(line, line.slice(0, 80));
  });

  it('in metrics is the value of a label, and no line of its own', async () => {
    const room = spoiltRoom(`${EVERYTHING}\n`);
    const numbers = createMetrics({
      room: () => room.view().room,
      health: () => [
        {
          source: EVERYTHING,
          kind: 'asked',
          lastSuccessAt: START,
          lastError: null,
          failing: false,
          tookMs: 1,
          perMinute: 1,
          skewMs: null,
        },
      ],
      clients: () => 1,
      clientSkewMs: () => null,
      writable: () => true,
      now: () => toEpochMs(START),
      version: '1.2.3',
      startedAt: START,
    });
    numbers.observeAlerts(EVERYTHING, 1);
    const lines = (await numbers.text()).split('\n');
    for (const line of lines) {
      expect(steering(line), line).toBeNull();
      expect(line).toMatch(
        /^(?:|# (?:HELP|TYPE) .*|[a-z]\w*(?:\{(?:[a-z]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (?:[\d.e+-]+|Nan))$/,
      );
    }
  });

  it('in a problem of the configuration is one harmless line', () => {
    for (const { what, text } of ALL) {
      const line = formatProblem({
        file: text,
        position: { line: 1, column: 1 },
        field: [text, 0, text],
        message: text,
      });
      expectHarmlessLine(line, what);
    }
  });
});

describe('what is sent', () => {
  const messages = ALL.map(({ what, text }) => ({
    what,
    message: outgoingMessage({
      to: text,
      text: text as never,
      level: text,
      incident: {
        id: text,
        title: text as never,
        severity: text,
        services: [text, text],
        links: [
          { title: text, url: 'https://wiki.example/a?b=1&c=%7C' },
          { title: text, url: text },
        ],
      },
    }),
  }));

  it('to Slack calls nobody, links nowhere else, and is within the limits', () => {
    for (const { what, message } of messages) {
      const body = slackMessage(message, null);
      for (const text of textsIn(body)) {
        expect(steering(text), what).toBeNull();
        expect(text.replaceAll(/<https:\/\/wiki\.example\/[^<>|]*\|[^<>|]*>/g, ''), what).not.toMatch(/[<>]/);
        expect(text.length, what).toBeLessThanOrEqual(3_000);
      }
    }
  });

  it('by e-mail has one subject, no markup, and headers of its own alone', () => {
    for (const { what, message } of messages) {
      const { subject, text, html, messageId, references } = emailMessage(message, {
        room: 'r',
        from: 'w@example.org',
      });
      for (const header of [subject, messageId, references ?? '']) expectHarmlessLine(header, what);
      expect(steering(text), what).toBeNull();
      expect(steering(html), what).toBeNull();
      const left = html.replaceAll(/<\/?(?:p|div|strong)>|<a href="https:\/\/[^"<>]*">|<\/a>/g, '');
      expect(left, what).not.toMatch(/[<>"]/);
    }
  });

  it('to a webhook is JSON of harmless texts under a plain key', async () => {
    for (const { what, message } of messages) {
      let sent: RequestInit | undefined;
      const notifier = webhookNotifier({
        address: () => ({ url: 'http://127.0.0.1:9/', headers: {} }),
        fetch: async (_, init) => {
          sent = init;
          return new Response('', { status: 200 });
        },
      });
      await notifier.send(message, AbortSignal.timeout(5_000));
      for (const text of textsIn(JSON.parse(String(sent?.body)))) expectHarmlessLine(text, what);
      expect(new Headers(sent?.headers).get('idempotency-key'), what).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});

describe('what comes in', () => {
  it('in every text of every command is safe text, or refused', () => {
    for (const { what, text } of ALL) {
      for (const { path, command } of commandsWith(text)) {
        const read = personCommandSchema.safeParse(command);
        if (!read.success) continue;
        for (const said of textsIn(read.data)) {
          expectHarmlessLine(said, `${what} at ${path}`);
          expect(said.length, `${what} at ${path}`).toBeLessThanOrEqual(4_000);
        }
      }
    }
  });

  it('is tried in every text of every command there is', () => {
    const tried = new Set(commandsWith('x').map(({ path }) => path));
    expect(tried).toContain('declare.title');
    expect(tried).toContain('contain.params');
    expect(tried).toContain('contain.params, its name');
    const types = personCommandSchema._zod.def.options.length;
    expect(new Set([...tried].map((path) => path.split('.')[0])).size).toBeGreaterThan(types - 2);
    for (const { path, command } of commandsWith('plain')) {
      const read = z.safeParse(personCommandSchema, command);
      expect(read.success, `${path}: ${JSON.stringify(read.error?.issues)}`).toBe(true);
    }
  });

  it('as a frame that cannot be read gets an answer that repeats nothing that steers', () => {
    for (const { what, text } of HOSTILE_TEXTS) {
      const frames = [
        text,
        JSON.stringify(text),
        JSON.stringify({ type: text }),
        JSON.stringify({ type: 'command', id: text, command: { type: text } }),
        JSON.stringify({ type: 'command', id: '01234567', command: { type: 'declare', [text]: text } }),
        JSON.stringify({
          type: 'command',
          id: '01234567',
          command: { type: 'declare', title: 'x', services: { [text]: 1 } },
        }),
      ];
      for (const raw of frames) {
        const decoded = decodeClientMessage(Buffer.from(raw));
        if (decoded.ok) throw new Error(`${what} was taken`);
        expectHarmless(encode({ type: 'farewell', reason: 'malformed', message: decoded.problem }).toString(), what);
      }
    }
  });

  it('as an alert of any kind, in its labels, its notes and their names, is safe text', () => {
    for (const { what, text } of ALL) {
      for (const { source, body } of bodies(text)) {
        const read = readAlerts(source, body);
        const said = read.ok ? [...read.alerts.flatMap(textsIn), ...read.skipped.flatMap(textsIn)] : [read.problem];
        for (const one of said) expectHarmlessLine(one, `${what} from ${source.name}`);
      }
    }
  });
});
