import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/incident/text.ts';
import { terminalSignals, titleOf } from '../../src/tui/terminal-signals.ts';
import { widthOf } from '../../src/tui/width.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { calmRoom, failingRoom, INCIDENT, severalRoom } from '../support/rooms-to-look-at.ts';

const ESCAPE = '\u001b';
const BELL = '\u0007';
const titled = (title: string): string => `${ESCAPE}]2;${title}${ESCAPE}\\`;

const watched = (room: FakeRoom, env: Readonly<Record<string, string>> = { TERM: 'xterm' }) => {
  let written = '';
  let nowMs = 0;
  let seen = room.view();
  const signals = terminalSignals({
    write: (text) => {
      written += text;
    },
    env,
    localNow: () => nowMs,
  });
  signals.begin(seen);
  room.subscribe(() => {
    const before = seen;
    seen = room.view();
    signals.changed(before, seen);
  });
  return {
    signals,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** What was written since the last look. */
    wrote: () => {
      const all = written;
      written = '';
      return all;
    },
  };
};

const alarm = (room: FakeRoom, service: string): void => {
  const command = {
    type: 'declare',
    title: safeText('down'),
    services: [safeText(service)],
    severity: 'SEV1',
  } as const;
  room.story.does('ben', command);
  room.changed();
};

const retitle = (room: FakeRoom, title: string): void => {
  room.story.does('ben', { type: 'retitle', incident: INCIDENT, title: title as never });
  room.changed();
};

describe('the title of the window', () => {
  it.each([
    ['calm', () => calmRoom(), 'warroom'],
    ['one incident', () => failingRoom(), 'SEV2 INC-1 checkout: 41 % of requests fail'],
    ['several', () => severalRoom(), /^SEV1 INC-\d vault: .* \+2$/],
  ] as const)('names the worst: %s', (_, room, title) => {
    if (typeof title === 'string') expect(titleOf(room().view())).toBe(title);
    else expect(titleOf(room().view())).toMatch(title);
  });

  it('never takes what is old for calm', () => {
    const room = calmRoom();
    room.connection({ name: 'stale', sinceMs: 0, attempt: 3 });
    expect(titleOf(room.view())).toBe('warroom: not connected');
    const failing = failingRoom();
    failing.connection({ name: 'stale', sinceMs: 0, attempt: 3 });
    expect(titleOf(failing.view())).toMatch(/^STALE SEV2 /);
  });

  it.each([
    ['an escape that ends the title', 'x\u001b\\\u001b[2Jy', 'SEV2 INC-1 xy'],
    ['a bell', 'x\u0007y', 'SEV2 INC-1 xy'],
    ['a style of tmux', '#[fg=red]x#(reboot)#{pane_pid}', 'SEV2 INC-1 [fg=red]x(reboot){pane_pid}'],
    ['doubled, so that dropping one leaves one', '##[fg=red]x', 'SEV2 INC-1 [fg=red]x'],
    ['an issue number', 'see #42', 'SEV2 INC-1 see #42'],
    ['bidi', 'x\u202ey', 'SEV2 INC-1 xy'],
  ])('is harmless: %s', (_, title, shown) => {
    const room = failingRoom();
    retitle(room, title);
    expect(titleOf(room.view())).toBe(shown);
  });

  it.each(['漢'.repeat(200), 'e\u0301'.repeat(200), 'x'.repeat(200)])('fits into sixty cells: %#', (title) => {
    const room = severalRoom();
    for (const id of Object.keys(room.story.room().incidents)) {
      room.story.does('ben', { type: 'retitle', incident: id, title: safeText(title) });
    }
    room.changed();
    expect(widthOf(titleOf(room.view()))).toBeLessThanOrEqual(60);
    expect(titleOf(room.view())).toMatch(/\+2$/);
  });

  it('is kept, set once, set again only when it changes, and given back', () => {
    const room = calmRoom();
    const { signals, wrote } = watched(room);
    expect(wrote()).toBe(`${ESCAPE}[22;2t${titled('warroom')}`);
    room.changed();
    room.with({ signals: {} });
    expect(wrote()).toBe('');
    alarm(room, 'checkout');
    expect(wrote()).toContain(titled('SEV1 INC-1 down'));
    signals.end();
    expect(wrote()).toBe(`${ESCAPE}[23;2t`);
  });

  it.each([{ TERM: 'dumb' }, { TERM: 'linux', WARROOM_BELL: 'off' }, { WARROOM_TITLE: 'off', WARROOM_BELL: 'off' }])(
    'is not set with %j',
    (env) => {
      const room = calmRoom();
      const { signals, wrote } = watched(room, env);
      alarm(room, 'checkout');
      signals.end();
      expect(wrote()).toBe('');
    },
  );
});

describe('the bell', () => {
  const noTitle = { TERM: 'xterm', WARROOM_TITLE: 'off' };

  it('rings for what concerns me, at most once in ten seconds', () => {
    const room = calmRoom();
    const { pass, wrote } = watched(room, noTitle);
    alarm(room, 'checkout');
    alarm(room, 'search');
    expect(wrote()).toBe(BELL);
    pass(9_999);
    alarm(room, 'vault');
    expect(wrote()).toBe('');
    pass(1);
    alarm(room, 'payments');
    expect(wrote()).toBe(BELL);
  });

  it('is silent when nothing concerns me, and when it is off', () => {
    const room = failingRoom();
    const { wrote } = watched(room, noTitle);
    room.story.does('ben', { type: 'claim-role', incident: INCIDENT, role: 'tech' });
    room.changed();
    expect(wrote()).toBe('');
    const off = calmRoom();
    const silent = watched(off, { ...noTitle, WARROOM_BELL: 'off' });
    alarm(off, 'checkout');
    expect(silent.wrote()).toBe('');
  });
});
