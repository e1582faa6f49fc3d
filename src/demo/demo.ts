// Owns the demo: a simulated shop, the real agent on it with its own state and port, and the room, all from one command.
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../agent/clock.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { lineLog } from '../agent/line-log.ts';
import { type RunningAgent, runAgent } from '../agent/run-agent.ts';
import { openStateDirectory } from '../agent/state-directory.ts';
import { connectRoom } from '../client/connect.ts';
import { findAgent, whoAmI } from '../client/find-agent.ts';
import { assertTerminal } from '../tui/terminal.ts';
import { aborted, type LeaveWhen, toldToLeave, whenTerminalEnds } from '../tui/told-to-leave.ts';
import { demoConfigFiles } from './demo-config.ts';
import { type RunningShop, startOrFindShop } from './shop/start-shop.ts';

export interface DemoOptions {
  readonly scenario: 'bad-deploy';
  /** No room on this terminal: for scripts, and for rooms on other terminals. */
  readonly headless: boolean;
  /** 0: any free port. */
  readonly port: number;
  readonly stateDirectory: string;
  readonly shippedConfig: string;
  readonly version: string;
  readonly as: string | null;
}

/** Seconds of health before the scenario's fault: long enough to see what calm looks like. */
const FAULT_AFTER_SECONDS = 8;
const ORPHAN_AFTER_SECONDS = 60;

export const demo = async (options: DemoOptions): Promise<void> => {
  const directory = join(options.stateDirectory, 'demo');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!options.headless) assertTerminal(process.stdin, process.stdout);
  // From here on a signal ends the demo in order, whatever of it is there yet.
  const leave = toldToLeave(options.headless ? headlessEnds() : whenTerminalEnds(process.stdin, process.stdout));
  const shop = await openShop(directory);
  try {
    const write = lineLog(
      options.headless ? process.stdout : createWriteStream(join(directory, 'agent.log'), { flags: 'a' }),
    );
    const agent = await startDemoAgent({ directory, shop, write }, options);
    try {
      write(`demo: room at ${agent.url}, shop at ${shop.admin}${shop.wasFound ? ' (found running)' : ''}`);
      await (options.headless ? aborted(leave) : room({ directory, as: options.as, leave }));
    } finally {
      await agent.stop();
    }
  } finally {
    await shop.stop();
  }
};

const openShop = async (directory: string): Promise<RunningShop> => {
  // Whoever holds the directory has the shop too: a second demo must not end the first one's.
  const hold = await openStateDirectory(directory);
  try {
    const shop = await startOrFindShop({
      stateFile: join(directory, 'shop.json'),
      node: process.execPath,
      script: shopScript(),
      faultAfterSeconds: FAULT_AFTER_SECONDS,
      orphanAfterSeconds: ORPHAN_AFTER_SECONDS,
    });
    // A new shop is a new story; one that is still there belongs to the story in the journal.
    if (!shop.wasFound) await forgetEarlierStory(directory);
    return shop;
  } finally {
    await hold.release();
  }
};

const forgetEarlierStory = async (directory: string): Promise<void> => {
  for (const name of ['journal', 'snapshots', 'signals-a.jsonl', 'signals-b.jsonl', 'agent.log']) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
};

const shopScript = (): string => {
  const here = import.meta.dirname;
  const candidates = [join(here, 'shop.js'), join(here, '..', 'shop.js'), join(here, 'shop', 'main.ts')];
  return candidates.find((file) => existsSync(file)) ?? join(here, 'shop.js');
};

interface DemoParts {
  readonly directory: string;
  readonly shop: RunningShop;
  readonly write: (line: string) => void;
}

const startDemoAgent = async ({ directory, shop, write }: DemoParts, options: DemoOptions): Promise<RunningAgent> => {
  const configDirectory = join(directory, 'config');
  await mkdir(configDirectory, { recursive: true });
  for (const [name, text] of Object.entries(demoConfigFiles(shop))) await writeFile(join(configDirectory, name), text);
  const config = await loadConfig({
    directory: configDirectory,
    defaultsDirectory: options.shippedConfig,
    env: process.env,
  });
  return runAgent({
    config,
    stateDirectory: directory,
    host: '127.0.0.1',
    port: options.port,
    clock: systemClock(),
    version: options.version,
    write,
  });
};

/** Without SIGHUP: what was started under nohup goes on when its terminal closes. */
const headlessEnds = (): LeaveWhen => ({ signals: ['SIGTERM', 'SIGINT'], streams: [] });

interface RoomParts {
  readonly directory: string;
  readonly as: string | null;
  readonly leave: AbortSignal;
}

const room = async ({ directory, as, leave }: RoomParts): Promise<void> => {
  const client = connectRoom({ address: () => findAgent({}, directory), name: as ?? whoAmI(process.env) });
  const { runTui } = await import('../tui/main.tsx');
  const { stdin, stdout } = process;
  try {
    await runTui({ client, stdin, stdout, leaving: 'ends-the-demo', leave });
  } finally {
    client.close();
  }
};
