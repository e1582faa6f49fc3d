// Owns the response target in words: by when somebody is to acknowledge, and whether somebody did.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import { type Incident, isOpen } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { countdown, timeOfDay } from '../../format.ts';

export interface ResponseLine {
  readonly target: string;
  readonly words: string;
  readonly tone: 'plain' | 'dim' | 'ok' | 'warn' | 'loud';
}

const ALMOST_DUE_MS = 2 * 60_000;

export const responseLine = (view: RoomView, incident: Incident, now: number): ResponseLine => {
  const severity = incident.response?.severity ?? incident.severity;
  const respond = own(view.policy.severities, severity)?.respond ?? 'unknown';
  return { target: `response target of ${severity}: ${respond}`, ...stateOf(incident, now) };
};

const stateOf = (incident: Incident, now: number): Omit<ResponseLine, 'target'> => {
  const { response } = incident;
  if (response === null) return { words: 'nothing counts down', tone: 'dim' };
  const dueMs = toEpochMs(response.dueAt);
  if (response.metAt !== null) {
    const metMs = toEpochMs(response.metAt);
    const by = `acknowledged by ${response.metBy ?? 'unknown'}`;
    return metMs <= dueMs || response.dueAt === response.expectedAt
      ? { words: `${by} after ${countdown(metMs - toEpochMs(response.expectedAt))}`, tone: 'ok' }
      : { words: `${by} ${countdown(metMs - dueMs)} too late`, tone: 'warn' };
  }
  if (!isOpen(incident)) return { words: 'nobody acknowledged', tone: 'dim' };
  const leftMs = dueMs - now;
  if (leftMs > 0)
    return { words: `acknowledge within ${countdown(leftMs)}`, tone: leftMs < ALMOST_DUE_MS ? 'warn' : 'plain' };
  return { words: `NOBODY ACKNOWLEDGED, due since ${timeOfDay(response.dueAt)}`, tone: 'loud' };
};
