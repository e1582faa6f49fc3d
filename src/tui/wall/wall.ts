// Owns the wall's life between the room and time: looks once a second, turns to the next incident, draws what changed. Asks for nothing.
import type { RoomClient, RoomView } from '../../client/room-client.ts';
import { HOUR, MINUTE, SECOND } from '../../incident/time.ts';
import type { GlyphSet } from '../glyphs.ts';
import { openIncidents } from '../select.ts';
import { drawable } from './drawable.ts';
import { type Look, next, nothingShown, type Rotation, rotate, toggleHold } from './rotation.ts';
import { wallModel } from './view-model.ts';
import { wallFrame } from './wall-frame.ts';
import type { WallKey, WallScreen } from './wall-screen.ts';

export interface WallOptions {
  /** All it may do is look. */
  readonly client: Pick<RoomClient, 'view' | 'now'>;
  readonly screen: WallScreen;
  readonly glyphs: GlyphSet;
  /** A steady clock of this machine, milliseconds. */
  readonly localNow: () => number;
}

export interface Wall {
  /** Resolves when somebody at the wall leaves it. */
  readonly left: Promise<void>;
  stop(): void;
}

interface Drawn {
  readonly view: RoomView;
  readonly rotation: Rotation;
  readonly minute: number;
}

export const createWall = ({ client, screen, glyphs, localNow }: WallOptions): Wall => {
  const leaving = Promise.withResolvers<void>();
  let rotation = nothingShown;
  let drawn: Drawn | null = null;
  let timer: NodeJS.Timeout;

  const look = (): Look => ({ open: openIncidents(client.view().room), atMs: localNow() });

  const draw = (): void => {
    const view = client.view();
    const now = client.now();
    const minute = Math.floor(now / MINUTE);
    const before = drawn;
    drawn = { view, rotation, minute };
    const model = drawable(wallModel(view, { now, shown: rotation }), screen.cellsOf);
    screen.draw(wallFrame(model, { ...screen.size(), glyphs }));
    // Whatever else wrote on the terminal is gone an hour later at the latest.
    if (before !== null && before.minute !== minute && minute % (HOUR / MINUTE) === 0) screen.repaint();
  };

  const turn = (): void => {
    // Before the first welcome nothing is known; what is open then is not new.
    if (client.view().agent !== null) rotation = rotate(rotation, look());
    if (drawn === null || !isStill(drawn)) draw();
    timer = setTimeout(turn, SECOND - (client.now() % SECOND));
  };

  /** Nothing counts, and nothing has happened: nothing is written. */
  const isStill = ({ view, rotation: shown, minute }: Drawn): boolean =>
    view === client.view() &&
    view.connection.name === 'live' &&
    rotation === shown &&
    rotation.shown === null &&
    minute === Math.floor(client.now() / MINUTE);

  const press = (key: WallKey): void => {
    switch (key) {
      case 'leave':
        leaving.resolve();
        return;
      case 'hold':
        rotation = toggleHold(rotation, localNow());
        draw();
        return;
      case 'next':
        rotation = next(rotation, look());
        draw();
        return;
      case 'repaint':
        screen.repaint();
        return;
      default:
        key satisfies never;
    }
  };

  screen.onKey(press);
  screen.onResize(draw);
  turn();

  return { left: leaving.promise, stop: () => clearTimeout(timer) };
};
