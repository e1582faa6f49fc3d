// Owns the short ways to name an incident or an action: `42`, `0042`, `INC-42`, `7` for A7.
import type { Room } from './state.ts';
import type { ActionId, IncidentId } from './words.ts';

/** The full id of what was said; a number alone means its latest year. What fits nothing stays as said, for the agent to refuse. */
export const incidentId = (room: Room, said: string): IncidentId => {
  const match = /^(?:INC-)?(?:(\d{4})-)?(\d{1,9})$/i.exec(said.trim());
  if (match === null) return said;
  const [, year, number] = match;
  const ids = Object.keys(room.incidents).filter((id) => {
    const [, itsYear, itsNumber] = /^INC-(\d{4})-(\d+)$/.exec(id) ?? [];
    return Number(itsNumber) === Number(number) && (year === undefined || itsYear === year);
  });
  return ids.sort().at(-1) ?? said;
};

export const actionId = (said: string): ActionId => {
  const match = /^A?(\d{1,9})$/i.exec(said.trim());
  return match === null ? said : `A${Number(match[1])}`;
};

/** The short way to say an incident's id: `INC-42` for `INC-2026-0042`. */
export const shortIncidentId = (id: IncidentId): string => id.replace(/^INC-\d{4}-0*(?=\d)/, 'INC-');
