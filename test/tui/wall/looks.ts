// Owns the rooms a wall is looked at with: those of the room's own frames, and worse ones.
import { known, unknown } from '../../../src/incident/signals.ts';
import { MINUTE, SECOND } from '../../../src/incident/time.ts';
import { openIncidents } from '../../../src/tui/select.ts';
import { nothingShown, rotate } from '../../../src/tui/wall/rotation.ts';
import { type WallModel, wallModel } from '../../../src/tui/wall/view-model.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import {
  arm,
  calmRoom,
  containedRoom,
  failingRoom,
  INCIDENT,
  severalRoom,
  unknownRoom,
} from '../../support/rooms-to-look-at.ts';
import { spoilt } from '../../support/spoilt.ts';

const ESCAPES = '\u001b[2J\u001b]52;c;c3RvbGVu\u0007\u001b[31m\u009b31m\u009d0;owned\u009c\r\n\t\u0000\u0008';
const BIDI = '\u202eKO si lla\u202c\u2066\u2069 שלום עולם';
const TAGS = '{red-fg}{bold}{inverse}{/}{center}';
const WIDE = '支払いが できません 🔥🔥 👩‍👩‍👧‍👦 🇬🇧 ⚠️ ⌚ ﷽ Ａ';
const MARKS = `z${'\u0301'.repeat(40)} é ก็ क्षि`;

export const HOSTILE = `${ESCAPES}${TAGS}${WIDE}${BIDI}${MARKS}\u200b\ufeff${'so long '.repeat(625)}`;

const staleRoom = (): FakeRoom => {
  const room = containedRoom('wall');
  room.connection({ name: 'stale', sinceMs: room.now() - 47 * SECOND, attempt: 3 });
  return room;
};

const overRoom = (): FakeRoom => {
  const room = containedRoom('wall');
  room.story.does('ana', { type: 'resolve', incident: INCIDENT });
  room.changed();
  room.story.pass(3 * MINUTE);
  return room;
};

export const armedRoom = (): FakeRoom => {
  const room = severalRoom('wall');
  arm(room, 'scale-down', 'ben');
  return room;
};

/** Every word hostile, in an incident with several services, an armed action and others open. */
export const hostileRoom = (): FakeRoom => {
  const room = armedRoom();
  room.reads('checkout', unknown('bad-answer'));
  const { room: state, signals, policy } = room.view();
  const services = Object.fromEntries(
    Object.entries(policy.services).map(([name, card]) => [`${HOSTILE}${name}`, card]),
  );
  room.with({ room: spoilt(state, HOSTILE), signals: spoilt(signals, HOSTILE), policy: { ...policy, services } });
  return room;
};

/** Nothing open, and five hundred services of which some fail. */
export const crowdedRoom = (): FakeRoom => {
  const room = calmRoom('wall');
  const names = Array.from({ length: 500 }, (_, index) => `service-${index}`);
  for (const [index, name] of names.entries()) room.reads(name, known(index % 50 === 49 ? 0.5 : 0.001));
  const { policy } = room.view();
  const card = policy.services.search;
  if (card === undefined) throw new Error('no search');
  room.with({ policy: { ...policy, services: Object.fromEntries(names.map((name) => [name, card])) } });
  return room;
};

export const looks: Readonly<Record<string, () => FakeRoom>> = {
  calm: () => calmRoom('wall'),
  over: overRoom,
  failing: () => failingRoom('wall'),
  contained: () => containedRoom('wall'),
  several: () => severalRoom('wall'),
  unknown: () => unknownRoom('wall'),
  stale: staleRoom,
  armed: armedRoom,
};

/** What a wall shows of a room at its first look. */
export const modelOf = (room: FakeRoom): WallModel => {
  const shown = rotate(nothingShown, { open: openIncidents(room.view().room), atMs: 0 });
  return wallModel(room.view(), { now: room.now(), shown });
};
