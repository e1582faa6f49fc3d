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
  return ids.sort().at(-1) ?? numberedId(room, { year, number: Number(number) }) ?? said;
};

/** One that is not in the room any more, but was numbered. */
const numberedId = (
  { numbered }: Room,
  { year, number }: { readonly year: string | undefined; readonly number: number },
): IncidentId | null => {
  const years = Object.keys(numbered).filter(
    (one) => (year ?? one) === one && number > 0 && number <= (numbered[one] ?? 0),
  );
  const latest = years.sort().at(-1);
  return latest === undefined ? null : `INC-${latest}-${String(number).padStart(4, '0')}`;
};

/** Whether there is or was an incident of that full id. */
export const wasNumbered = (room: Room, id: IncidentId): boolean => {
  const [, year, number] = /^INC-(\d{4})-(\d{4,9})$/.exec(id) ?? [];
  return year !== undefined && numberedId(room, { year, number: Number(number) }) === id;
};

export const actionId = (said: string): ActionId => {
  const match = /^A?(\d{1,9})$/i.exec(said.trim());
  return match === null ? said : `A${Number(match[1])}`;
};

/** The short way to say an incident's id: `INC-42` for `INC-2026-0042`. */
export const shortIncidentId = (id: IncidentId): string => id.replace(/^INC-\d{4}-0*(?=\d)/, 'INC-');
