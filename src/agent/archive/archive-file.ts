// Owns the form of one archived incident on the disk: a header that vouches for it, and its state when it left the room.
import * as z from 'zod/mini';
import type { Incident } from '../../incident/state.ts';
import { hashOf } from '../log/journal-line.ts';
import { STATE_SHAPE } from '../state-shape.ts';

const headerSchema = z.object({ v: z.literal(1), shape: z.number(), incident: z.string(), sha256: z.string() });

export const encodeArchived = (incident: Incident): string => {
  const state = JSON.stringify(incident);
  const header = { v: 1, shape: STATE_SHAPE, incident: incident.id, sha256: hashOf(state) };
  return `${JSON.stringify(header)}\n${state}\n`;
};

/** Whether an older version wrote it: it is made anew when somebody asks for it, and proves nothing until then. */
export const isOfOlderShape = (text: string): boolean => {
  try {
    return z.parse(headerSchema, JSON.parse(text.split('\n')[0] ?? '')).shape < STATE_SHAPE;
  } catch {
    return false;
  }
};

/** Null where it is damaged, of another incident, or of an older shape of state: the log can tell it anew. */
export const decodeArchived = (id: string, text: string): Incident | null => {
  const [headerText = '', state = ''] = text.split('\n');
  try {
    const header = z.parse(headerSchema, JSON.parse(headerText));
    const isIt = header.incident === id && header.shape === STATE_SHAPE && header.sha256 === hashOf(state);
    return isIt ? (JSON.parse(state) as Incident) : null;
  } catch {
    return null;
  }
};
