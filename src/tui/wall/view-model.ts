// Owns what the wall shows, as plain words and numbers made from the room's own view models: no widths, no colours, no terminal.
import type { RoomView } from '../../client/room-client.ts';
import { MINUTE } from '../../incident/time.ts';
import { age } from '../format.ts';
import { bannerOf, type ConnectionWords, connectionWords } from '../screens/room/head-model.ts';
import { openIncidents } from '../select.ts';
import { type CalmWall, calmWall } from './calm-model.ts';
import { type IncidentWall, incidentWall } from './incident-model.ts';
import type { Rotation } from './rotation.ts';

export interface WallHead {
  /** UTC, `10:02`. */
  readonly clock: string;
  readonly connection: ConnectionWords;
  /** What shown numbers cannot be trusted for; null while live. */
  readonly alarm: Alarm | null;
  readonly banner: string | null;
}

export interface Alarm {
  /** One or two words to be read from afar. */
  readonly word: string;
  readonly text: string;
}

export type WallModel = WallHead & (IncidentWall | CalmWall);

export interface WallMoment {
  /** The agent's clock, epoch milliseconds. */
  readonly now: number;
  readonly shown: Pick<Rotation, 'shown' | 'isHeld'>;
}

export const wallModel = (view: RoomView, { now, shown }: WallMoment): WallModel => {
  const open = openIncidents(view.room);
  const incident = open.find(({ id }) => id === shown.shown) ?? null;
  const head: WallHead = {
    clock: `${new Date(now).toISOString().slice(11, 16)} UTC`,
    connection: connectionWords(view.connection, view, now),
    alarm: alarmOf(view, now),
    banner: view.connection.name === 'live' ? (bannerOf(view, incident, now)?.text ?? null) : null,
  };
  if (incident !== null) return { ...head, ...incidentWall(view, incident, { now, open, isHeld: shown.isHeld }) };
  // Ages move with the clock on the wall, once a minute.
  return { ...head, ...calmWall(view, { now, minute: Math.floor(now / MINUTE) * MINUTE }) };
};

const heldWords = ({ agent }: RoomView): string =>
  agent === null || agent.held === 0 ? 'pages go out unrecorded' : `${agent.held} held, pages go out unrecorded`;

const alarmOf = (view: RoomView, now: number): Alarm | null => {
  const { connection } = view;
  switch (connection.name) {
    case 'live':
      return view.agent?.writable === false
        ? { word: 'READ-ONLY', text: `the agent cannot write its log: nothing can be changed; ${heldWords(view)}` }
        : null;
    case 'connecting':
      return null;
    case 'stale':
      return {
        word: 'STALE',
        text: `all of this is ${age(now - connection.sinceMs)} old; reconnecting (${connection.attempt})`,
      };
    case 'refused':
      return { word: 'REFUSED', text: `the agent refuses this connection: ${connection.message}` };
    default:
      return connection satisfies never;
  }
};
