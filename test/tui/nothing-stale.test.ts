import { describe, expect, it, vi } from 'vitest';
import { known, unknown } from '../../src/incident/signals.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, SECOND, toEpochMs } from '../../src/incident/time.ts';
import { onScreen, SCREENS } from '../../src/tui/dialog.ts';
import type * as Frames from '../../src/tui/frame.ts';
import { frame } from '../../src/tui/frame.ts';
import { plainText } from '../../src/tui/row.ts';
import { initialUi, type Ui } from '../../src/tui/ui.ts';
import { check, type FakeRoom } from '../support/fake-room-client.ts';
import { apply, arm, commandedRoom, INCIDENT } from '../support/rooms-to-look-at.ts';

/** The same code in a process that has seen nothing yet: it remembers nothing. */
const fresh = async (): Promise<typeof Frames> => {
  vi.resetModules();
  return import('../../src/tui/frame.ts');
};

const dialogs: readonly Ui['dialog'][] = [
  null,
  ...SCREENS.flatMap((screen) => [onScreen(screen), onScreen(screen, { filter: 'check', cursor: 1 })]),
  { name: 'help', top: 0 },
  { name: 'palette', text: '', cursor: 0 },
  { name: 'palette', text: 'chec', cursor: 1 },
  { name: 'menu', menu: { kind: 'contain', incident: INCIDENT }, cursor: 0 },
  { name: 'menu', menu: { kind: 'undo', incident: INCIDENT }, cursor: 0 },
  { name: 'menu', menu: { kind: 'declare-service' }, cursor: 1 },
  { name: 'entry', purpose: { kind: 'note', incident: INCIDENT }, text: 'x' },
];

const framesOf = ({ frame: draw }: Pick<typeof Frames, 'frame'>, room: FakeRoom): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [0, 7].flatMap((scroll) =>
      dialogs.map((dialog) => {
        const moment = { view: room.view(), ui: { ...initialUi, scroll, dialog }, now: toEpochMs(room.story.now()) };
        const { rows, maxScroll } = draw(moment, { columns: 100, rows: 30 });
        return [`${scroll} ${JSON.stringify(dialog)}`, `${rows.map(plainText).join('\n')}\n${maxScroll}`];
      }),
    ),
  );

const silence = (room: FakeRoom, service: string, startsInMs: number): void => {
  const command = { type: 'silence', services: [safeText(service)], startsInMs, forMs: 3 * MINUTE } as const;
  room.story.does('ben', { ...command, reason: safeText('deploy') });
};

/** Every kind of thing that a frame is made of changes at some step. */
const steps: Readonly<Record<string, (room: FakeRoom) => void>> = {
  'a second passes': ({ story }) => story.pass(SECOND),
  'numbers come': (room) => {
    room.reads('checkout', known(0.3));
    room.reads('search', unknown('timeout'));
    room.past('search', [0.1, null, 0.4]);
  },
  'a check fails': (room) =>
    room.checks('search', [check('search', 'http', 'down', { since: room.story.now(), detail: 'timeout' })]),
  'somebody writes, and somebody else takes a role': ({ story }) => {
    story.does('ben', { type: 'add-note', incident: INCIDENT, text: safeText(`line ${'long '.repeat(40)}`) });
    story.does('dora', { type: 'claim-role', incident: INCIDENT, role: 'scribe' });
  },
  'a containment is armed': (room) => void arm(room, 'circuit-breaker'),
  'a containment works, another is armed': (room) => {
    apply(room, 'A1');
    arm(room, 'scale-down');
  },
  'services are silenced, one later': (room) => {
    silence(room, 'search', 0);
    silence(room, 'checkout', MINUTE);
  },
  'the silence in force ends, the other begins': ({ story }) => story.pass(3 * MINUTE + SECOND),
  'another incident opens, worse': ({ story }) =>
    void story.does('ana', {
      type: 'declare',
      title: safeText('vault is sealed'),
      services: [safeText('vault')],
      severity: 'SEV1',
    }),
  'the configuration changes': (room) => {
    const { policy } = room.view();
    const { search, ...services } = policy.services;
    room.with({
      policy: { ...policy, services: { ...services, cart: { ...services.vault, dependsOn: ['vault'] } as never } },
    });
  },
  'the connection is lost': (room) => {
    room.connection({ name: 'stale', sinceMs: toEpochMs(room.story.now()), attempt: 1 });
    room.story.pass(47 * SECOND);
  },
  'a day passes': (room) => {
    room.connection({ name: 'live' });
    room.story.pass(25 * HOUR);
  },
};

describe('what frames remember of the frames before', () => {
  it('shows in none of them', async () => {
    const room = commandedRoom();
    framesOf({ frame }, room);
    for (const [step, happens] of Object.entries(steps)) {
      happens(room);
      room.changed();
      const shown = framesOf({ frame }, room);
      expect(shown, step).toEqual(framesOf(await fresh(), room));
    }
  });
});
