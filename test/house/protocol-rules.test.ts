// Owns that every rule of the wire is shown: each one of docs/protocol.md is named by a test, and no test names one that there is not.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const document = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8');
const rules = [...document.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, rule]) => rule ?? '');

// A name of a test, not any words: the rule stands in brackets at the beginning of a title, alone or with others.
const TITLES = /(?:it|describe|test)(?:\.each)?[^\n]*|^\s*\)\('[^\n]*|^\s*\]\)\('[^\n]*|^\s*'\[[A-Z]\d+\][^\n]*/gm;
const named = new Map<string, string>();
for (const file of readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })) {
  if (!/\.test\.tsx?$/.test(file) || file.startsWith('house/') || file.includes('hostile-text')) continue;
  for (const [title] of readFileSync(join(ROOT, 'test', file), 'utf8').matchAll(TITLES))
    for (const [, rule] of title.matchAll(/\[([A-Z]\d+)\]/g)) named.set(rule ?? '', file);
}

describe('the rules of the wire', () => {
  it('are numbered, each once', () => {
    expect(rules.length).toBeGreaterThan(40);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it.each(rules)('%s is named by a test', (rule) => {
    expect([...named.keys()]).toContain(rule);
  });

  it('are all that tests name', () => {
    expect([...named].filter(([rule]) => !rules.includes(rule))).toEqual([]);
  });
});
