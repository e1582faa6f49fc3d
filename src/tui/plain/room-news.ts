// Owns the news that belong to no incident: silences, a refused configuration, an agent that started anew.
import type { RoomView } from '../../client/room-client.ts';
import { own } from '../../incident/own.ts';
import type { Silence } from '../../incident/state.ts';
import { timeOfDay } from '../format.ts';

export const roomNews = (before: RoomView, after: RoomView): readonly string[] =>
  before.agent === null || before.room === after.room
    ? []
    : [...startNews(before, after), ...configurationNews(before, after), ...silenceNews(before, after)];

const startNews = ({ room: before }: RoomView, { room, agent }: RoomView): readonly string[] =>
  before.agentStartedAt === room.agentStartedAt ? [] : [`the agent ${agent?.version ?? ''} started anew`];

const configurationNews = ({ room: before }: RoomView, { room }: RoomView): readonly string[] => {
  if (before.configurationRefused === room.configurationRefused) return [];
  return room.configurationRefused === null
    ? ['the configuration is read and holds']
    : [`CONFIGURATION REFUSED, the one before goes on: ${room.configurationRefused.problem}`];
};

const silenceNews = ({ room: before }: RoomView, { room }: RoomView): readonly string[] =>
  Object.values(room.silences).flatMap((silence) => {
    const old = own(before.silences, silence.id);
    if (old === undefined) return silence.ended === null ? [silenceSet(silence)] : [];
    return old.ended === null && silence.ended !== null ? [`${silence.id}: ${silenceEnded(silence)}`] : [];
  });

const silenceSet = ({ id, by, services, startsAt, endsAt, reason }: Silence): string =>
  `${by} silences ${servicesOf(services)} from ${timeOfDay(startsAt)} to ${timeOfDay(endsAt)} (${id})${reason === '' ? '' : `: ${reason}`}`;

const silenceEnded = ({ services, ended }: Silence): string =>
  `the silence on ${servicesOf(services)} ${ended?.because === 'lifted' ? `was lifted by ${ended.by}` : 'is over'}`;

const servicesOf = (services: readonly string[]): string =>
  services.includes('*') ? 'every service' : services.join(', ');
