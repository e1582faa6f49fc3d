// Owns the demo: a simulated shop, the real agent on it with its own state and port, and the room, all from one command.
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentLog } from '../agent/agent-log.ts';
import { scaledClock } from '../agent/clock.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { openAgentLog } from '../agent/open-agent-log.ts';
import { type RunningAgent, runAgent } from '../agent/run-agent.ts';
import { openStateDirectory } from '../agent/state-directory.ts';
import { connectRoom } from '../client/connect.ts';
import { findAgent, whoAmI } from '../client/find-agent.ts';
import { glyphsFor } from '../tui/glyphs.ts';
import { wantsPlain } from '../tui/plain/wants-plain.ts';
import { assertTerminal } from '../tui/terminal.ts';
import { aborted, type LeaveWhen, toldToLeave, whenTerminalEnds } from '../tui/told-to-leave.ts';
import { demoConfigFiles, patientEscalation } from './demo-config.ts';
import { type RunningShop, startOrFindShop } from './shop/start-shop.ts';
import { goesOn, storyOf, storyWords, type WantedStory } from './story.ts';

export interface DemoOptions extends WantedStory {
  /** No room on this terminal: for scripts, and for rooms on other terminals. */
  readonly headless: boolean;
  /** 0: any free port. */
  readonly port: number;
  readonly stateDirectory: string;
  readonly shippedConfig: string;
  readonly version: string;
  readonly as: string | null;
}

const ORPHAN_AFTER_SECONDS = 60;

export const demo = async (options: DemoOptions): Promise<void> => {
  const directory = join(options.stateDirectory, 'demo');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!options.headless) assertTerminal(process.stdin, process.stdout);
  // From here on a signal ends the demo in order, whatever of it is there yet.
  const leave = toldToLeave(options.headless ? headlessEnds() : whenTerminalEnds(process.stdin, process.stdout));
  const shop = await openShop(directory, options);
  try {
    const agentLog = openAgentLog(
      options.headless ? process.stdout : createWriteStream(join(directory, 'agent.log'), { flags: 'a' }),
      'text',
    );
    const agent = await startDemoAgent({ directory, shop, agentLog }, options);
    try {
      agentLog.info(`demo: room at ${agent.url}, shop at ${shop.admin}${shop.wasFound ? ' (found running)' : ''}`);
      agentLog.info(`demo: ${storyWords(shop)}`);
      await (options.headless ? aborted(leave) : room({ directory, as: options.as, leave }));
    } finally {
      await agent.stop();
    }
  } finally {
    await shop.stop();
  }
};

const openShop = async (directory: string, wanted: DemoOptions): Promise<RunningShop> => {
  // Whoever holds the directory has the shop too: a second demo must not end the first one's.
  const hold = await openStateDirectory(directory);
  try {
    const shop = await startOrFindShop({
      stateFile: join(directory, 'shop.json'),
      node: process.execPath,
      script: shopScript(),
      story: storyOf(wanted),
      willDo: (playing) => goesOn(wanted, playing),
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
  for (const name of ['journal', 'archive', 'snapshots', 'signals-a.jsonl', 'signals-b.jsonl', 'agent.log']) {
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
  readonly agentLog: AgentLog;
}

const startDemoAgent = async (
  { directory, shop, agentLog }: DemoParts,
  options: DemoOptions,
): Promise<RunningAgent> => {
  const configDirectory = join(directory, 'config');
  await mkdir(configDirectory, { recursive: true });
  const escalation = await readFile(join(options.shippedConfig, 'escalation.yaml'), 'utf8');
  const files = {
    ...demoConfigFiles(shop, shop.speed),
    'escalation.yaml': patientEscalation(escalation, shop.speed),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(configDirectory, name), text);
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
    // The shop's own time: an agent that was killed comes back to the same one.
    clock: scaledClock(shop.speed, shop.startedAtMs),
    version: options.version,
    agentLog,
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
  const { env, stdin, stdout } = process;
  try {
    if (wantsPlain({ isAsked: false, env, stdin, stdout })) {
      const { runPlainRoom } = await import('../tui/plain/plain-room.ts');
      const localNow = (): number => performance.now();
      await runPlainRoom({ client, stdin, stdout, leave, localNow, glyphs: glyphsFor(env), leaving: 'ends-the-demo' });
    } else {
      const { runTui } = await import('../tui/main.tsx');
      await runTui({ client, stdin, stdout, leaving: 'ends-the-demo', leave });
    }
  } finally {
    client.close();
  }
};
