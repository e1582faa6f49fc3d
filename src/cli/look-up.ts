// Owns finding the incident that was said: in the room, else in the archive.
import type { RoomClient } from '../client/room-client.ts';
import { own } from '../incident/own.ts';
import { incidentId } from '../incident/references.ts';
import type { Incident } from '../incident/state.ts';
import { MOST_CARDS } from '../protocol/questions.ts';

/** Null where neither has it, or the asker may not see it. */
export const lookUp = async (client: RoomClient, said: string): Promise<Incident | null> => {
  const { room } = client.view();
  const here = own(room.incidents, incidentId(room, said));
  if (here !== undefined) return here;
  const id = await archivedId(client, said);
  return id === null ? null : (await client.ask({ about: 'incident', incident: id })).incident;
};

/** The full id of what was said, of the latest year where none is said. */
const archivedId = async (client: RoomClient, said: string): Promise<string | null> => {
  const [, year, digits] = /^(?:INC-)?(?:(\d{4})-)?(\d{1,9})$/i.exec(said.trim()) ?? [];
  if (digits === undefined) return null;
  const number = digits.replace(/^0+/, '').padStart(4, '0');
  if (year !== undefined) return `INC-${year}-${number}`;
  const { cards } = await client.ask({ about: 'archive', words: `-${number}`, limit: MOST_CARDS });
  const ids = cards.map(({ id }) => id).filter((id) => id.endsWith(`-${number}`));
  return ids.sort().at(-1) ?? null;
};
