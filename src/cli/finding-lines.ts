// Owns findings as lines for a person: how it stands, what was found, what to do.
import type { Finding } from '../agent/setup/finding.ts';

const WORDS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const satisfies Record<Finding['state'], string>;

export const findingLines = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ state, what, fix }) => `${WORDS[state]}  ${what}${fix === null ? '' : `  —  ${fix}`}`);
