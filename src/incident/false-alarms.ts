// Owns which breaches rest: a person called them a false alarm, and nobody saw them end since.
import type { Evidence } from './events.ts';
import { own } from './own.ts';
import type { Room } from './state.ts';

type Breach = Pick<Evidence, 'service' | 'rule'>;

export const restsAfterFalseAlarm = (room: Room, { service, rule }: Breach): boolean =>
  own(room.resting, service)?.includes(rule) ?? false;

export const withRest = (room: Room, breaches: readonly Breach[]): Room => breaches.reduce(resting, room);

export const withoutRest = (room: Room, breaches: readonly Breach[]): Room => breaches.reduce(ended, room);

const resting = (room: Room, breach: Breach): Room => {
  if (restsAfterFalseAlarm(room, breach)) return room;
  const rules = [...(own(room.resting, breach.service) ?? []), breach.rule];
  return { ...room, resting: { ...room.resting, [breach.service]: rules } };
};

const ended = (room: Room, breach: Breach): Room => {
  if (!restsAfterFalseAlarm(room, breach)) return room;
  const { [breach.service]: rules = [], ...others } = room.resting;
  const left = rules.filter((rule) => rule !== breach.rule);
  return { ...room, resting: left.length === 0 ? others : { ...others, [breach.service]: left } };
};
