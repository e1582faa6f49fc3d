// Owns the direction of the house: who may import whom, and that the core reads no clock and does no I/O.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const read = (file: string): string => readFileSync(join(SRC, file), 'utf8');
const house = (file: string): string => file.split('/')[0] ?? '';

const importsOf = (file: string): readonly string[] =>
  [...read(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => {
    const target = match[1] ?? '';
    return target.startsWith('.') ? relative(SRC, resolve(SRC, dirname(file), target)) : target;
  });

const mayImport: Readonly<Record<string, readonly string[]>> = {
  incident: ['incident'],
  protocol: ['incident', 'protocol'],
  client: ['incident', 'protocol', 'client'],
  tui: ['incident', 'protocol', 'client', 'tui'],
  agent: ['incident', 'protocol', 'agent'],
  // A process of its own, put together like the command line: a client, with the agent's configuration and ways to reach people.
  watchdog: ['incident', 'protocol', 'client', 'agent', 'watchdog'],
  cli: ['incident', 'protocol', 'client', 'tui', 'agent', 'demo', 'watchdog', 'cli'],
  demo: ['incident', 'protocol', 'client', 'tui', 'agent', 'demo'],
};

describe('the house', () => {
  it.each(files)('%s imports only from rooms it may', (file) => {
    const inside = importsOf(file).filter((target) => /\.tsx?$/.test(target) && !target.startsWith('..'));
    const allowed = mayImport[house(file)];
    if (allowed === undefined) return expect(file).toBe('main.ts');
    expect(inside.filter((target) => !allowed.includes(house(target)))).toEqual([]);
  });

  it('lets the watchdog share nothing of the agent that could fail with it: the configuration, the notifiers, a log and files', () => {
    const shared = /^agent\/(?:config\/|notifiers\/|agent-log\.ts|agent-lock\.ts|log\/durable-file\.ts)/;
    const taken = files.filter((file) => house(file) === 'watchdog').flatMap(importsOf);
    expect(taken.filter((target) => house(target) === 'agent' && !shared.test(target))).toEqual([]);
  });

  it.each(files.filter((file) => house(file) === 'incident'))('%s is pure', (file) => {
    const outside = importsOf(file).filter((target) => !/\.ts$/.test(target));
    expect(outside.filter((target) => target !== 'zod/mini' && !target.startsWith('temporal-polyfill'))).toEqual([]);
    expect(read(file)).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random|performance\.|process\.|Temporal\.Now/);
  });

  it.each(files)('%s begins by saying what it owns', (file) => {
    expect(read(file).replace(/^#!.*\n/, '')).toMatch(/^\/\/ /);
  });
});
