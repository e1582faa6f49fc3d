// Owns since when an open incident is about each service: asked of hundreds of services at every poll, found once for each room.
import { isOpen, type Room } from '../../incident/state.ts';
import type { Timestamp } from '../../incident/time.ts';

/** By service, the declaration of the first open incident about it. */
type OpenSince = ReadonlyMap<string, Timestamp>;

/** A look-up that keeps what it found for the latest room. */
export const openSinceIn = (): ((room: Room) => OpenSince) => {
  let latest: { readonly incidents: Room['incidents']; readonly since: OpenSince } = {
    incidents: {},
    since: new Map(),
  };
  return ({ incidents }) => {
    if (latest.incidents !== incidents) latest = { incidents, since: sinceOf(incidents) };
    return latest.since;
  };
};

const sinceOf = (incidents: Room['incidents']): OpenSince => {
  const since = new Map<string, Timestamp>();
  for (const incident of Object.values(incidents)) {
    if (!isOpen(incident) || incident.people !== null) continue;
    for (const service of incident.services) {
      const first = since.get(service);
      if (first === undefined || incident.declaredAt < first) since.set(service, incident.declaredAt);
    }
  }
  return since;
};
