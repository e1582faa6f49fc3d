// Owns the agent's own log: one line at a time to a stream, whatever becomes of the stream.
import type { Writable } from 'node:stream';
import { safeText } from '../incident/text.ts';

/** Writes dated lines. A disk that is full, or a reader that left, costs lines and nothing else: an agent goes on watching. */
export const lineLog = (stream: Writable): ((line: string) => void) => {
  stream.removeAllListeners('error');
  stream.on('error', () => {});
  return (line) => void stream.write(`${new Date().toISOString()} ${safeText(line, 2_000)}\n`);
};
