// Owns a room with something going on, for the benchmarks that look at the terminal: the built demo without a screen, one incident, notes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endChild } from './child.ts';
import { gather } from './crowd.ts';
import { commandFrame, declareIncident, hello, socketAddress, WELCOME } from './wire.ts';

const checkout = new URL('..', import.meta.url).pathname;

export const isBuilt = (): boolean => existsSync(join(checkout, 'dist', 'warroom.js'));

export interface DemoRoom {
  /** The script to run: a copy, so that a build meanwhile changes nothing. */
  readonly program: string;
  /** What a program needs in its environment to find the room. */
  readonly env: Readonly<Record<string, string>>;
  readonly incident: string;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;
const NOTES = 30;

/** Starts the demo with its state in `directory`. */
export const startDemoRoom = async (directory: string): Promise<DemoRoom> => {
  const copy = join(directory, 'program');
  for (const part of ['dist', 'config', 'package.json'])
    await cp(join(checkout, part), join(copy, part), { recursive: true });
  const program = join(copy, 'dist', 'warroom.js');
  const env = { WARROOM_STATE_DIR: directory, WARROOM_NAME: 'ana' };
  const child = spawn(process.execPath, [program, 'demo', '--headless'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  try {
    const url = await addressIn(child.stdout);
    const incident = await fill(url, (await readFile(join(directory, 'demo', 'token'), 'utf8')).trim());
    return { program, env, incident, stop: () => endChild(child) };
  } catch (error) {
    await endChild(child);
    throw error;
  }
};

const addressIn = async (output: NodeJS.ReadableStream): Promise<string> => {
  const lines = createInterface({ input: output });
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  for (;;) {
    const [line] = await once(lines, 'line', { signal });
    const url = /room at (http:\S+?),/.exec(String(line))?.[1];
    if (url !== undefined) return url;
  }
};

const fill = async (url: string, token: string): Promise<string> => {
  const crowd = await gather(socketAddress(url), 1, { hello: hello(token), welcome: WELCOME });
  const incident = await declareIncident(crowd, 'checkout');
  for (let number = 1; number <= NOTES; number++) {
    const text = `looked at the release of instance ${number}: same version, same failures`;
    const { frame, marker } = commandFrame(`bench-fill-${number}`, { type: 'add-note', incident, text });
    await crowd.say(0, frame, marker);
  }
  crowd.leave();
  return incident;
};
