import { describe, expect, it } from 'vitest';
import { known } from '../../src/incident/signals.ts';
import { MINUTE, SECOND, toEpochMs } from '../../src/incident/time.ts';
import { cardFor, type Dialog, onScreen } from '../../src/tui/dialog.ts';
import { frame } from '../../src/tui/frame.ts';
import { framePainter } from '../../src/tui/paint.ts';
import { plainText } from '../../src/tui/row.ts';
import { findAction } from '../../src/tui/select.ts';
import { themeNamed } from '../../src/tui/theme.ts';
import { initialUi, type Ui } from '../../src/tui/ui.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
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
} from '../support/rooms-to-look-at.ts';

interface Look {
  readonly room: FakeRoom;
  readonly ui?: Partial<Ui>;
}

const with_ = (room: FakeRoom, dialog: Dialog): Look => ({ room, ui: { dialog } });

const cardOf = (room: FakeRoom, id: string, change: object = {}): Look => {
  const action = findAction(room.view().room, id);
  if (action === null) throw new Error(`no ${id}`);
  return with_(room, { ...cardFor(action, { localMs: 0 }), ...change });
};

const looks: Readonly<Record<string, () => Look>> = {
  'room-calm': () => ({ room: calmRoom() }),
  'room-failing': () => ({ room: failingRoom() }),
  'room-contained': () => ({ room: containedRoom() }),
  'room-unknown-signals': () => ({ room: unknownRoom() }),
  'room-stale': () => {
    const room = containedRoom();
    room.connection({ name: 'stale', sinceMs: room.now() - 47 * SECOND, attempt: 3 });
    return { room };
  },
  'room-armed-by-other': () => {
    const room = commandedRoom();
    arm(room, 'circuit-breaker', 'ben');
    room.story.pass(3 * SECOND);
    return { room };
  },
  'room-unknown-action': () => {
    const room = commandedRoom();
    const id = arm(room, 'circuit-breaker');
    room.story.does('ana', { type: 'confirm', action: id, typed: null });
    room.story.agentDoes({ type: 'start-action', action: id });
    room.story.agentDoes({ type: 'record-unknown', action: id, detail: 'no answer after the change was sent' });
    room.changed();
    return { room };
  },
  'room-resolved': () => {
    const room = containedRoom();
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.story.pass(3 * MINUTE);
    room.changed();
    return { room };
  },
  'room-several': () => ({ room: severalRoom(), ui: { incident: INCIDENT } }),
  'room-recovering': () => {
    const room = containedRoom();
    const since = room.story.now();
    room.story.agentDoes({
      type: 'propose-recovery',
      incident: INCIDENT,
      since,
      samples: [{ service: 'checkout', errorRatio: 0.004, p95Seconds: 0.1 }],
    });
    room.reads('checkout', known(0.004));
    room.changed();
    return { room };
  },
  'room-not-connected': () => {
    const room = calmRoom();
    room.with({ agent: null, signals: {}, policy: { ...room.view().policy, services: {} } });
    room.connection({ name: 'connecting', attempt: 2 });
    return { room };
  },
  'card-armed': () => {
    const room = commandedRoom();
    const id = arm(room, 'circuit-breaker');
    room.story.pass(2 * SECOND);
    return cardOf(room, id);
  },
  'card-typed': () => {
    const room = commandedRoom();
    return cardOf(room, arm(room, 'scale-down'), { typed: 'chec' });
  },
  'card-two-person': () => {
    const room = commandedRoom();
    return cardOf(room, arm(room, 'block'));
  },
  'card-conflict': () => {
    const room = containedRoom();
    const [requested] = room.story.does('ana', { type: 'undo', action: 'A1', arm: true });
    if (requested?.type !== 'action.requested') throw new Error('not requested');
    const changes = [
      { path: '/enabled', before: 'true', after: 'true' },
      { path: '/threshold', before: '0.5', after: '0.9, set by deploy-bot at 03:01' },
    ];
    room.story.agentDoes({
      type: 'refuse-plan',
      action: requested.action,
      reason: 'conflict',
      detail: 'the document moved to version "7"',
      changes,
    });
    room.changed();
    return cardOf(room, requested.action);
  },
  'card-let-go': () => {
    const room = containedRoom();
    room.story.does('ben', { type: 'let-go', action: 'A1', reason: 'the release keeps it' as never });
    room.changed();
    return cardOf(room, 'A1');
  },
  'card-applied': () => cardOf(containedRoom(), 'A1'),
  'menu-contain': () =>
    with_(containedRoom(), { name: 'menu', menu: { kind: 'contain', incident: INCIDENT }, cursor: 1 }),
  'menu-roles': () => with_(commandedRoom(), { name: 'menu', menu: { kind: 'roles', incident: INCIDENT }, cursor: 0 }),
  'menu-declare': () => with_(failingRoom(), { name: 'menu', menu: { kind: 'declare-service' }, cursor: 0 }),
  'declare-title': () =>
    with_(calmRoom(), {
      name: 'entry',
      purpose: { kind: 'declare-title', service: 'search' },
      text: 'customers see no results',
    }),
  note: () =>
    with_(commandedRoom(), {
      name: 'entry',
      purpose: { kind: 'note', incident: INCIDENT },
      text: 'pools of payments are exhausted since the release',
    }),
  'ask-resolve': () =>
    with_(containedRoom(), {
      name: 'ask',
      question: { kind: 'resolve', incident: INCIDENT },
      readyAtMs: 0,
      refusal: null,
    }),
  'ask-close-refused': () => {
    const room = containedRoom();
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.changed();
    const decision = room.story.asks('ana', {
      type: 'close',
      incident: INCIDENT,
      falseAlarm: false,
      reason: '' as never,
    });
    if (decision.ok) throw new Error('closed');
    return with_(room, {
      name: 'ask',
      question: { kind: 'close', incident: INCIDENT },
      readyAtMs: 0,
      refusal: decision.refusal,
    });
  },
  incidents: () => with_(severalRoom(), onScreen('incidents', { cursor: 1 })),
  help: () => with_(failingRoom(), { name: 'help', top: 0 }),
};

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 35 },
  { columns: 200, rows: 60 },
] as const;

describe('frames', () => {
  for (const size of sizes) {
    for (const [name, look] of Object.entries(looks)) {
      it(`shows ${name} at ${size.columns}x${size.rows}`, async () => {
        const { room, ui } = look();
        const pane = frame({ view: room.view(), ui: { ...initialUi, ...ui }, now: toEpochMs(room.story.now()) }, size);
        const text = `${pane.rows.map((row) => plainText(row).trimEnd()).join('\n')}\n`;
        await expect(text).toMatchFileSnapshot(`frames/${name}.${size.columns}x${size.rows}.txt`);
      });
    }
  }

  it.each(Object.entries(looks))('say the same without colour, and write none: %s', async (name, look) => {
    const { room, ui } = look();
    const pane = frame({ view: room.view(), ui: { ...initialUi, ...ui }, now: toEpochMs(room.story.now()) }, sizes[0]);
    const paint = { theme: themeNamed('mono'), glyphs: 'unicode' } as const;
    const painted = framePainter(paint)(pane.rows, sizes[0].columns).map((row) => row.trimEnd());
    const codes = [...painted.join('').matchAll(/\u001b\[([\d;]*)m/g)].flatMap(([, all = '']) => all.split(';'));
    expect(codes.filter((code) => !['0', '1', '2', '4', '7'].includes(code))).toEqual([]);
    const words = painted.map((row) => row.replaceAll(/\u001b\[[\d;]*m/g, '').trimEnd());
    expect(words).toEqual(pane.rows.map((row) => plainText(row).trimEnd()));
    const shown = painted.map((row) => row.replaceAll('\u001b', '^')).join('\n');
    await expect(`${shown}\n`).toMatchFileSnapshot(`frames/no-colour/${name}.80x24.txt`);
  });

  const textOf = (look: Look, size: { readonly columns: number; readonly rows: number }): string => {
    const ui = { ...initialUi, ...look.ui };
    const pane = frame({ view: look.room.view(), ui, now: toEpochMs(look.room.story.now()) }, size);
    return pane.rows.map((row) => plainText(row).trimEnd()).join('\n');
  };

  it('say what leaving ends, where it ends the demo', () => {
    const room = failingRoom();
    const ends = 'ends-the-demo';
    const help = textOf({ room, ui: { ends, dialog: { name: 'help', top: 0 } } }, { columns: 120, rows: 60 });
    expect(help).toMatch(/ q +quit +ends the demo, its agent and its shop$/m);
    expect(textOf({ room, ui: { ends } }, { columns: 39, rows: 9 })).toContain('q ends the demo');
    for (const text of [help, textOf({ room, ui: { ends } }, { columns: 39, rows: 9 })])
      expect(text).not.toMatch(/keeps running|runs on/);
  });

  it('warn before resolving what still fails, and what nobody knows', () => {
    const asked = (room: FakeRoom) =>
      textOf(
        with_(room, { name: 'ask', question: { kind: 'resolve', incident: INCIDENT }, readyAtMs: 0, refusal: null }),
        sizes[0],
      );
    expect(asked(failingRoom())).toContain('checkout still fails 41 %, above its limit');
    expect(asked(unknownRoom())).toContain('nobody knows whether checkout works: errors unknown, timeout');
    const well = containedRoom();
    well.reads('checkout', known(0.004));
    expect(asked(well)).not.toMatch(/still fails|nobody knows/);
  });

  it('cut no word of the help at 80 columns, whatever cannot be done now', () => {
    const stale = failingRoom();
    stale.connection({ name: 'stale', sinceMs: stale.now() - 47 * SECOND, attempt: 3 });
    for (const room of [failingRoom(), calmRoom(), stale]) {
      const text = textOf({ room, ui: { dialog: { name: 'help', top: 0 } } }, { columns: 80, rows: 90 });
      expect(text.replaceAll(/^ {2}(\S+ \S+) …/gm, '$1')).not.toContain('…');
      expect(text).toContain('j k scroll');
    }
    const help = textOf({ room: stale, ui: { dialog: { name: 'help', top: 0 } } }, sizes[0]);
    expect(help).toMatch(/ a +acknowledge +the agent has not answered for 47 s$/m);
  });

  it('say how to confirm in full at 80 columns, however long the titles', () => {
    const room = failingRoom();
    const { policy } = room.view();
    const title = 'Scale down to the two oldest instances of everything there is';
    const actions = Object.entries(policy.actions).map(([name, action]) => [name, { ...action, title }]);
    room.with({ policy: { ...policy, actions: Object.fromEntries(actions) } });
    const text = textOf(
      with_(room, { name: 'menu', menu: { kind: 'contain', incident: INCIDENT }, cursor: 0 }),
      sizes[0],
    );
    for (const words of ['y  ', 'type name + y  ', 'acts at once  ', '2 persons  '])
      expect(text).toMatch(new RegExp(`on checkout +${words.replace('+', '\\+')} *Scale down to the`));
  });

  it('falls back to one pane below 80x24 and to a message below 40x10', async () => {
    const room = containedRoom();
    apply(room, arm(room, 'scale-down'));
    const at = (columns: number, rows: number) =>
      frame({ view: room.view(), ui: initialUi, now: room.now() }, { columns, rows })
        .rows.map((row) => plainText(row).trimEnd())
        .join('\n');
    await expect(`${at(60, 18)}\n`).toMatchFileSnapshot('frames/room-narrow.60x18.txt');
    expect(at(39, 24)).toContain('needs 40x10');
    expect(at(80, 9)).toContain('q quits');
  });
});
