// Owns what the watchdog writes down: one small file of its own, replaced whole, which outlives it.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { replaceFile } from '../agent/log/durable-file.ts';
import { SEVERITIES } from '../incident/words.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { freshMemory, type Memory } from './watch.ts';

const moment = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/));

const due = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('level'), at: moment, level: z.string(), contacts: z.array(z.string()) }),
  z.object({ kind: z.literal('acknowledgement'), at: moment, person: z.string() }),
  z.object({ kind: z.literal('containment'), at: moment, action: z.string(), name: z.string(), service: z.string() }),
]);

const memorySchema = z.object({
  heardAt: z.nullable(moment),
  aheadMs: z.number(),
  incidents: z.array(
    z.object({
      id: z.string(),
      severity: z.enum(SEVERITIES),
      title: z.string(),
      dues: z.array(due),
      pagesWaiting: z.number(),
    }),
  ),
  alarm: z.nullable(
    z.object({
      trouble: z.enum(['silent', 'stuck', 'refused', 'read-only']),
      since: moment,
      toldAt: moment,
      rounds: z.number(),
      reached: z.boolean(),
      named: z.array(z.string()),
    }),
  ),
});

const FILE = 'last-known.json';

/** What was written down; nothing where there is nothing, or what there is cannot be read: a watchdog starts all the same. */
export const readMemory = async (
  directory: string,
): Promise<{ readonly memory: Memory; readonly problem: string | null }> => {
  const path = join(directory, FILE);
  try {
    const read = memorySchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return read.success
      ? { memory: read.data, problem: null }
      : { memory: freshMemory, problem: `${path} is not what a watchdog writes: it starts anew` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { memory: freshMemory, problem: null };
    const detail = error instanceof Error ? error.message : String(error);
    return { memory: freshMemory, problem: `${path} cannot be read, it starts anew: ${detail}` };
  }
};

export const writeMemory = (directory: string, memory: Memory): Promise<void> =>
  replaceFile(join(directory, FILE), `${JSON.stringify(memory)}\n`);

/** Throws `state-unwritable`. */
export const makeDirectory = async (directory: string): Promise<void> => {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new OperatorError(
      'state-unwritable',
      `the watchdog cannot keep what it knows in ${directory}: ${error instanceof Error ? error.message : String(error)}`,
      'make it a directory this user can write to, or name another one with --state',
      { cause: error },
    );
  }
};
