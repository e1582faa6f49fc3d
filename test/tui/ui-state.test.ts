import { describe, expect, it } from 'vitest';
import type { PersonCommandInput } from '../../src/incident/commands.ts';
import { SECOND } from '../../src/incident/time.ts';
import { DEAD_TIME_MS } from '../../src/tui/dialog.ts';
import type { Key } from '../../src/tui/keys.ts';
import type { Leaving } from '../../src/tui/leaving.ts';
import { initialUi, type Ui } from '../../src/tui/ui.ts';
import { evolveUi, type UiEvent } from '../../src/tui/ui-state.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { plan } from '../support/room.ts';
import {
  apply,
  arm,
  calmRoom,
  commandedRoom,
  containedRoom,
  failingRoom,
  INCIDENT,
  severalRoom,
} from '../support/rooms-to-look-at.ts';

const char = (character: string): Key => ({ name: 'character', character });
const named = (name: Exclude<Key['name'], 'character' | 'chunk' | 'paste'>): Key => ({ name });

/** A terminal without a terminal: keys in, what it asks for out. */
const terminal = (room: FakeRoom, ends: Leaving = 'agent-goes-on') => {
  let ui: Ui = { ...initialUi, ends };
  let localMs = 10_000;
  const asked: PersonCommandInput[] = [];
  const other: string[] = [];
  const happen = (event: UiEvent) => {
    const situation = { view: room.view(), now: room.now(), localMs, maxScroll: 20, page: 5 };
    const step = evolveUi(ui, event, situation);
    ui = step.ui;
    for (const effect of step.effects) {
      if (effect.type === 'send') asked.push(effect.command);
      else other.push(effect.type);
    }
  };
  happen({ type: 'view-changed' });
  return {
    ui: () => ui,
    asked,
    other,
    look: () => happen({ type: 'view-changed' }),
    passes: (ms: number) => {
      localMs += ms;
    },
    press: (...keys: readonly (Key | string)[]) => {
      for (const key of keys) happen({ type: 'key', key: typeof key === 'string' ? char(key) : key });
    },
    /** Has the room answer what was asked last. */
    answers: async () => {
      const command = asked.at(-1);
      if (command === undefined) throw new Error('nothing was asked');
      const result = await room.send(command);
      happen({ type: 'view-changed' });
      happen({ type: 'answered', command, result });
    },
    fails: () => happen({ type: 'not-reached', message: 'the agent is away' }),
  };
};

const armedCard = (name = 'circuit-breaker', by = 'ana') => {
  const room = commandedRoom();
  const id = arm(room, name, by);
  const seat = terminal(room);
  seat.press('v');
  return { room, seat, id };
};

describe('confirming on the card', () => {
  it('takes y alone, after the dead time', () => {
    const { seat, id } = armedCard();
    seat.passes(DEAD_TIME_MS);
    seat.press('y');
    expect(seat.asked).toEqual([{ type: 'confirm', action: id, typed: null }]);
  });

  it.each<[string, readonly (Key | string)[]]>([
    ['Enter', [named('enter')]],
    ['a paste of y', [{ name: 'paste', text: 'y' }]],
    ['a chunk with y in it', [{ name: 'chunk', text: 'yy' }]],
    ['a chunk of y and Enter', [{ name: 'chunk', text: 'y\r' }]],
    ['another letter', ['Y']],
    ['Tab', [named('tab')]],
  ])('never takes %s', (_, keys) => {
    const { seat } = armedCard();
    seat.passes(5 * SECOND);
    seat.press(...keys);
    expect(seat.asked).toEqual([]);
    expect(seat.ui().dialog).toMatchObject({ name: 'card' });
  });

  it('takes nothing in the first 0.4 s, and a held key pushes the moment away', () => {
    const { seat } = armedCard();
    for (let repeat = 0; repeat < 60; repeat++) {
      seat.press('y');
      seat.passes(30);
    }
    expect(seat.asked).toEqual([]);
    seat.passes(DEAD_TIME_MS);
    seat.press('y');
    expect(seat.asked).toHaveLength(1);
  });

  it('begins the dead time when the arm is seen, not when the card opened', () => {
    const room = commandedRoom();
    room.story.does('ana', {
      type: 'contain',
      incident: INCIDENT,
      service: 'checkout' as never,
      name: 'circuit-breaker' as never,
      params: {},
      arm: true,
    });
    room.changed();
    const seat = terminal(room);
    seat.press('v');
    seat.passes(5 * SECOND);
    room.story.agentDoes({ type: 'record-plan', action: 'A1', plan });
    room.changed();
    seat.look();
    seat.press('y');
    expect(seat.asked).toEqual([]);
    seat.passes(DEAD_TIME_MS);
    seat.press('y');
    expect(seat.asked).toEqual([{ type: 'confirm', action: 'A1', typed: null }]);
  });

  it('wants the name where policy does: chunks and corrections count, y only after leaving the field', () => {
    const { seat, id } = armedCard('scale-down');
    seat.passes(5 * SECOND);
    seat.press({ name: 'chunk', text: 'check' }, 'x', named('backspace'), { name: 'paste', text: 'out' }, 'y');
    expect(seat.asked).toEqual([]);
    seat.press(named('enter'));
    expect(seat.ui().dialog).toMatchObject({ isTyping: true, typed: 'checkouty' });
    seat.press(named('backspace'), named('enter'), 'y');
    expect(seat.asked).toEqual([]);
    seat.passes(DEAD_TIME_MS);
    seat.press('y');
    expect(seat.asked).toEqual([{ type: 'confirm', action: id, typed: 'checkout' }]);
  });

  it('leaves the second person what only a second person may do', () => {
    const mine = armedCard('block');
    mine.seat.passes(5 * SECOND);
    mine.seat.press('y');
    expect(mine.seat.asked).toEqual([]);
    const theirs = armedCard('block', 'ben');
    theirs.seat.passes(5 * SECOND);
    theirs.seat.press('y');
    expect(theirs.seat.asked).toHaveLength(1);
  });

  it('asks nothing over a dead connection', () => {
    const { room, seat } = armedCard();
    seat.passes(5 * SECOND);
    room.connection({ name: 'stale', sinceMs: room.now() - 4 * SECOND, attempt: 1 });
    seat.press('y');
    expect(seat.asked).toEqual([]);
    expect(seat.ui().notice?.text).toContain('has not answered for 4 s');
  });
});

describe('leaving the card', () => {
  it.each<[string, Key | string]>([
    ['x', 'x'],
    ['Esc', named('escape')],
    ['Ctrl-C', named('ctrl-c')],
  ])('%s cancels my own arm', (_, key) => {
    const { seat, id } = armedCard();
    seat.press(key);
    expect(seat.asked).toEqual([{ type: 'disarm', action: id }]);
    expect(seat.ui().dialog).toBeNull();
  });

  it.each<[string, Key | string]>([
    ['h', 'h'],
    ['q', 'q'],
    ['Left', named('left')],
  ])('%s leaves the arm as it is', (_, key) => {
    const { seat } = armedCard();
    seat.press(key);
    expect(seat.asked).toEqual([]);
    expect(seat.ui().dialog).toBeNull();
  });

  it('Esc on the card of another leaves their arm alone, x takes it away', () => {
    const { seat, id } = armedCard('circuit-breaker', 'ben');
    seat.press(named('escape'));
    expect(seat.asked).toEqual([]);
    seat.press('v', 'x');
    expect(seat.asked).toEqual([{ type: 'disarm', action: id }]);
  });

  it('keys of the room work from the card of what is over', () => {
    const room = containedRoom();
    const seat = terminal(room);
    seat.press('v', 'u');
    expect(seat.asked).toEqual([{ type: 'undo', action: 'A1', arm: true }]);
  });
});

describe('containing and taking back', () => {
  it('asks for what was picked, armed, and opens its card for whoever asked', async () => {
    const room = failingRoom();
    const seat = terminal(room);
    seat.press('c', '1');
    expect(seat.asked).toEqual([
      { type: 'contain', incident: INCIDENT, service: 'checkout', name: 'circuit-breaker', params: {}, arm: true },
    ]);
    await seat.answers();
    expect(seat.ui().dialog).toMatchObject({ name: 'card', action: 'A1' });
  });

  it('a success takes away what was refused before it', async () => {
    const room = failingRoom();
    const seat = terminal(room);
    room.story.does('ben', { type: 'claim-role', incident: INCIDENT, role: 'scribe' });
    seat.press('r', '4');
    await seat.answers();
    expect(seat.ui().notice).toMatchObject({ tone: 'refused' });
    room.changed();
    seat.press('a');
    await seat.answers();
    expect(seat.ui().notice).toBeNull();
  });

  it('a success leaves what went wrong meanwhile in view', async () => {
    const room = failingRoom();
    const seat = terminal(room);
    seat.fails();
    seat.press('a');
    await seat.answers();
    expect(seat.ui().notice).toMatchObject({ tone: 'trouble' });
  });

  it('tries the same undo again from the card of its conflict, though more is in place', () => {
    const room = containedRoom();
    apply(room, arm(room, 'scale-down'));
    const [requested] = room.story.does('ana', { type: 'undo', action: 'A1', arm: true });
    if (requested?.type !== 'action.requested') throw new Error('not requested');
    const conflict = { reason: 'conflict', detail: '' as never, changes: [] } as const;
    room.story.agentDoes({ type: 'refuse-plan', action: requested.action, ...conflict });
    room.changed();
    const seat = terminal(room);
    seat.press('v', 'u');
    expect(seat.asked).toEqual([{ type: 'undo', action: 'A1', arm: true }]);
    expect(seat.ui().dialog).toBeNull();
  });

  it('does not lay the card over what was begun meanwhile', async () => {
    const seat = terminal(failingRoom());
    seat.press('c', '1', 'n', 'a');
    await seat.answers();
    expect(seat.ui().dialog).toMatchObject({ name: 'entry', text: 'a' });
  });

  it('says why a choice is not to be had', () => {
    const seat = terminal(containedRoom());
    seat.press('c', '1');
    expect(seat.asked).toEqual([]);
    expect(seat.ui().notice?.text).toContain('in place already as A1');
  });

  it('offers a choice when several are in place, newest first', () => {
    const room = containedRoom();
    apply(room, arm(room, 'scale-down'));
    const seat = terminal(room);
    seat.press('u');
    expect(seat.asked).toEqual([]);
    seat.press('1');
    expect(seat.asked).toEqual([{ type: 'undo', action: 'A2', arm: true }]);
  });

  it('tells what became of it', () => {
    const room = commandedRoom();
    const id = arm(room, 'circuit-breaker');
    const seat = terminal(room);
    apply(room, id);
    seat.look();
    expect(seat.ui().notice).toMatchObject({
      tone: 'done',
      text: 'A1 applied: circuit-breaker on checkout, errors were 41 %   u undo',
    });
  });
});

describe('keys in the room', () => {
  it.each<[string, readonly (Key | string)[], PersonCommandInput]>([
    ['acknowledge', ['a'], { type: 'acknowledge', incident: INCIDENT }],
    [
      'note',
      ['n', { name: 'chunk', text: 'two words' }, named('enter')],
      { type: 'add-note', incident: INCIDENT, text: 'two words' },
    ],
    [
      'a pasted note',
      ['n', { name: 'paste', text: 'two\nlines\r\n' }, named('enter')],
      { type: 'add-note', incident: INCIDENT, text: 'two lines' },
    ],
    [
      'a corrected note',
      ['n', 'a', 'b', named('ctrl-u'), 'c', ' ', 'd', named('ctrl-w'), named('enter')],
      { type: 'add-note', incident: INCIDENT, text: 'c' },
    ],
    ['claim', ['r', '4'], { type: 'claim-role', incident: INCIDENT, role: 'scribe' }],
    ['release', ['r', '1'], { type: 'release-role', incident: INCIDENT, role: 'commander' }],
    ['raise', ['s', '1'], { type: 'set-severity', incident: INCIDENT, severity: 'SEV1', reason: '' }],
    [
      'lower',
      ['s', '3', 'o', 'k', named('enter')],
      { type: 'set-severity', incident: INCIDENT, severity: 'SEV3', reason: 'ok' },
    ],
    ['phase', ['p', '3'], { type: 'enter-phase', incident: INCIDENT, phase: 'mitigation' }],
    ['retitle', ['e', named('ctrl-u'), 'x', named('enter')], { type: 'retitle', incident: INCIDENT, title: 'x' }],
    [
      'declare',
      ['d', '2', 'x', named('enter'), '1'],
      { type: 'declare', title: 'x', services: ['payments'], severity: 'SEV1' },
    ],
  ])('%s', (_, keys, command) => {
    const seat = terminal(commandedRoom());
    seat.press(...keys);
    expect(seat.asked).toEqual([command]);
  });

  it.each<[string, readonly (Key | string)[], PersonCommandInput]>([
    ['resolve', ['R'], { type: 'resolve', incident: INCIDENT }],
    ['false alarm', ['F', named('enter')], { type: 'close', incident: INCIDENT, falseAlarm: true, reason: '' }],
  ])('%s asks, is not answered by Enter or a paste or too soon, and y alone is yes', (_, keys, command) => {
    const seat = terminal(commandedRoom());
    seat.press(...keys);
    expect(seat.ui().dialog).toMatchObject({ name: 'ask' });
    seat.press('y', named('enter'), { name: 'paste', text: 'y' }, { name: 'chunk', text: 'yy' });
    expect(seat.asked).toEqual([]);
    seat.passes(DEAD_TIME_MS);
    seat.press('y');
    expect(seat.asked).toEqual([command]);
  });

  it('shows what is in the way when closing is refused, in place of the question', async () => {
    const room = containedRoom();
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.changed();
    const seat = terminal(room);
    seat.press('C');
    seat.passes(DEAD_TIME_MS);
    seat.press('y');
    await seat.answers();
    expect(seat.ui().dialog).toMatchObject({
      name: 'ask',
      refusal: { reason: 'containment-in-place', actions: ['A1'] },
    });
  });

  it.each(['a', 'c', 'u', 'n', 'r', 's', 'p', 'R', 'C', 'F', 'O', 'd', 'e'])(
    '%s asks nothing and says why while the connection is stale',
    (key) => {
      const room = containedRoom();
      room.connection({ name: 'stale', sinceMs: room.now() - 47 * SECOND, attempt: 3 });
      const seat = terminal(room);
      seat.press(key);
      expect(seat.asked).toEqual([]);
      expect(seat.ui().dialog).toBeNull();
      expect(seat.ui().notice?.text).toContain('has not answered for 47 s');
    },
  );

  it('a chunk of motion keys moves as often, a chunk of anything else does nothing', () => {
    const seat = terminal(containedRoom());
    seat.press({ name: 'chunk', text: 'jjj' });
    expect(seat.ui().scroll).toBe(3);
    seat.press({ name: 'chunk', text: 'ca' }, { name: 'chunk', text: 'aa' }, { name: 'paste', text: 'a' });
    expect(seat.asked).toEqual([]);
    expect(seat.ui().dialog).toBeNull();
    seat.press(named('end'), named('page-up'), named('home'));
    expect(seat.ui().scroll).toBe(0);
  });

  it('a lost answer is said, and not taken for a no', () => {
    const seat = terminal(commandedRoom());
    seat.press('a');
    seat.fails();
    expect(seat.ui().notice).toMatchObject({ tone: 'trouble' });
    expect(seat.ui().notice?.text).toContain('the agent is away');
  });

  it('q quits; Ctrl-C asks once', () => {
    const seat = terminal(calmRoom());
    seat.press(named('ctrl-c'));
    expect(seat.other).toEqual([]);
    expect(seat.ui().notice?.text).toContain('the agent keeps running');
    seat.press(named('ctrl-c'));
    expect(seat.other).toEqual(['quit']);
    const demo = terminal(calmRoom(), 'ends-the-demo');
    demo.press(named('ctrl-c'));
    expect(demo.ui().notice?.text).toContain('that ends the demo');
    const another = terminal(calmRoom());
    another.press('q');
    expect(another.other).toEqual(['quit']);
  });

  it('Ctrl-C leaves a dialog, and Ctrl-L paints anew wherever one is', () => {
    const seat = terminal(commandedRoom());
    seat.press('n', 'a', named('ctrl-l'), named('ctrl-c'));
    expect(seat.ui().dialog).toBeNull();
    expect(seat.other).toEqual(['repaint']);
  });

  it.each<Key | string>(['q', 'h', named('escape'), named('left')])('every menu is left by %o', (key) => {
    for (const open of ['c', 'r', 's', 'p', 'i', '?', 'd']) {
      const seat = terminal(commandedRoom());
      seat.press(open);
      expect(seat.ui().dialog).not.toBeNull();
      seat.press(key);
      expect(seat.ui().dialog).toBeNull();
    }
  });
});

describe('several incidents', () => {
  it('keeps the one that is shown until a person moves on', () => {
    const room = commandedRoom();
    const seat = terminal(room);
    room.story.does('ben', {
      type: 'declare',
      title: 'worse' as never,
      services: ['vault' as never],
      severity: 'SEV1',
    });
    room.changed();
    seat.look();
    seat.press('a');
    expect(seat.asked).toEqual([{ type: 'acknowledge', incident: INCIDENT }]);
    seat.press(']', 'a');
    expect(seat.asked.at(-1)).toEqual({ type: 'acknowledge', incident: 'INC-2026-0002' });
  });

  it('opens one from the list', () => {
    const seat = terminal(severalRoom());
    seat.press('i', 'j', 'j', named('enter'));
    expect(seat.ui()).toMatchObject({ incident: 'INC-2026-0002', dialog: null });
  });

  it('goes on to what is left when the shown one is closed', () => {
    const room = severalRoom();
    const seat = terminal(room);
    expect(seat.ui().incident).toBe('INC-2026-0003');
    room.story.does('ben', { type: 'close', incident: 'INC-2026-0003', falseAlarm: true, reason: '' as never });
    room.changed();
    seat.look();
    expect(seat.ui().incident).toBe(INCIDENT);
    expect(seat.ui().notice?.text).toContain('closed as a false alarm');
  });
});
