// Owns the identity of alerts: the source's own where it can be kept whole, one made of what the alert says where it cannot.
import { createHash } from 'node:crypto';
import { type SafeText, safeText } from '../../incident/text.ts';

const LONGEST = 200;

const digest = (text: string): SafeText => safeText(createHash('sha256').update(text).digest('hex'), LONGEST);

/** The fingerprint as given. One that would be cut or cleaned is hashed: two that differ must not become one. */
export const givenFingerprint = (given: string): SafeText => {
  const whole = safeText(given, LONGEST);
  return whole === given ? whole : digest(given);
};

/** The same for the same parts, in their order. */
export const derivedFingerprint = (parts: readonly (readonly [name: string, text: string])[]): SafeText =>
  digest(JSON.stringify(parts));
