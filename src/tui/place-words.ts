// Owns where somebody looks, in words for the others.
import type { PresencePlace } from '../protocol/messages.ts';

const words: Readonly<Record<PresencePlace, string>> = {
  room: 'the room',
  plain: 'the room, as lines',
  wall: 'the wall',
  incidents: 'the list of incidents',
  services: 'the services',
  ledger: 'the ledger',
  timeline: 'the timeline',
  roles: 'the roles',
  sources: 'the sources',
  agent: 'the agent',
  silences: 'the silences',
  summary: 'the summary',
  action: 'the card of an action',
  writing: 'writing',
};

export const placeWords = (at: PresencePlace | null): string => (at === null ? 'somewhere' : words[at]);
