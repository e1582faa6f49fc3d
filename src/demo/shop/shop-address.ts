// Owns where a running shop can be found: the line it prints, the file it leaves, and reading that file back.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { isSpeed } from '../speed.ts';
import { SCENARIO_NAMES } from './scenarios/scenarios.ts';

// Nothing but loopback: the file is read back and its addresses are called.
const loopback = z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/));

const addressSchema = z.object({
  ready: z.literal(true),
  pid: z.int().check(z.positive()),
  /** What goes wrong by itself; null: nothing. */
  scenario: z.nullable(z.enum(SCENARIO_NAMES)),
  /** How fast the shop's time runs, and since when: whoever joins later keeps the same time. */
  speed: z.number().check(z.refine(isSpeed)),
  startedAtMs: z.int().check(z.positive()),
  admin: loopback,
  services: z.object({
    checkout: loopback,
    payments: loopback,
    search: loopback,
    catalog: loopback,
    inventory: loopback,
  }),
});

export type ShopAddress = Readonly<z.infer<typeof addressSchema>>;

/** The address in a line of JSON; null when it is none. */
export const parseAddress = (text: string): ShopAddress | null => {
  try {
    const parsed = addressSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
};

/** Null when there is no such file, or none that a shop wrote. */
export const readAddressFile = async (path: string): Promise<ShopAddress | null> => {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : parseAddress(text);
};

/** Whole or not at all, readable by its owner. */
export const writeAddressFile = async (path: string, address: ShopAddress): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${address.pid}.tmp`;
  await writeFile(unfinished, `${JSON.stringify(address)}\n`, { mode: 0o600 });
  await rename(unfinished, path);
};

/** Removes the file if it still speaks of that shop; another's stays. */
export const removeAddressFile = async (path: string, pid: number): Promise<void> => {
  const written = await readAddressFile(path);
  if (written?.pid === pid) await rm(path, { force: true });
};
