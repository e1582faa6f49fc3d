// Owns the severity words of one source: its own table first, the usual one is the room's.
import { own } from '../../incident/own.ts';
import { type SafeText, safeText } from '../../incident/text.ts';
import type { AlertSource } from '../config/config.ts';

/** Our word where the source's table has the given one, else the given one as it is. */
export const severityWord = (given: SafeText, source: AlertSource): SafeText => {
  const ours = own(source.severities, given.toLowerCase());
  return ours === undefined ? given : safeText(ours, 40);
};
