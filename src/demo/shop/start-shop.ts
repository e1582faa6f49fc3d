// Owns finding the shop that is still running, or starting one that outlives this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { safeText } from '../../incident/text.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import { callHttp } from './http-call.ts';
import type { ScenarioName } from './scenarios/scenarios.ts';
import { parseAddress, readAddressFile, type ShopAddress } from './shop-address.ts';

export interface StartShopOptions {
  /** Where the shop leaves its address. */
  readonly stateFile: string;
  /** The Node binary and the shop's entry file. */
  readonly node: string;
  readonly script: string;
  /** What a new shop plays. */
  readonly story: Story;
  /** Whether a shop that plays that one will do, or is ended for a new one. */
  readonly willDo: (playing: Pick<ShopAddress, 'scenario' | 'speed'>) => boolean;
  readonly orphanAfterSeconds: number;
}

export interface Story {
  readonly scenario: ScenarioName;
  /** Shop time before it goes wrong; null: not by itself. */
  readonly faultAfterSeconds: number | null;
  /** Shop seconds in a real one. */
  readonly speed: number;
}

export interface RunningShop extends Omit<ShopAddress, 'ready'> {
  /** True when it was already running. */
  readonly wasFound: boolean;
  /** Ends the shop; resolves when it is gone, or after a few seconds. Ends nothing that is not that shop. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;
const PROBE_TIMEOUT_MS = 1_000;
const PROBE_EVERY_MS = 50;
const LONGEST_COMPLAINT = 300;

/** The shop of `stateFile` if it answers, else a new one; throws `state-unwritable` when none can be started. */
export const startOrFindShop = async (options: StartShopOptions): Promise<RunningShop> => {
  const left = await readAddressFile(options.stateFile);
  if (left !== null && (await answers(left))) {
    if (options.willDo(left)) return running(left, true);
    await stop(left);
  }
  return running(await spawnShop(options), false);
};

const running = (address: ShopAddress, wasFound: boolean): RunningShop => ({
  ...address,
  wasFound,
  stop: () => stop(address),
});

/** Whether the very shop of this address is there: another process may have its port or its process id by now. */
const answers = async (address: ShopAddress): Promise<boolean> => {
  const connections = new Agent();
  const result = await callHttp(connections, {
    url: new URL('/state', address.admin),
    method: 'GET',
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  connections.destroy();
  return result.ok && result.status === 200 && speaksOf(result.body, address.pid);
};

const speaksOf = (body: string, pid: number): boolean => {
  try {
    const state: unknown = JSON.parse(body);
    return typeof state === 'object' && state !== null && 'shop' in state && 'pid' in state
      ? state.shop === 'warroom-demo' && state.pid === pid
      : false;
  } catch {
    return false;
  }
};

const spawnShop = async (options: StartShopOptions): Promise<ShopAddress> => {
  const child = spawn(options.node, [options.script, ...argsOf(options)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const started = await firstWord(child);
  // From here on it lives without us.
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  if (started.ok) return started.address;
  child.kill('SIGKILL');
  const why = safeText(started.complaint, LONGEST_COMPLAINT);
  throw new OperatorError(
    'state-unwritable',
    `The demo's shop did not start: ${why}`,
    `Check that ${safeText(options.stateFile)} can be written, then start the demo again.`,
  );
};

const argsOf = ({ stateFile, story, orphanAfterSeconds }: StartShopOptions): readonly string[] => [
  ...['--state-file', stateFile, '--orphan-after', String(orphanAfterSeconds), '--speed', String(story.speed)],
  ...(story.faultAfterSeconds === null
    ? []
    : ['--scenario', story.scenario, '--fault-after', String(story.faultAfterSeconds)]),
];

type FirstWord =
  | { readonly ok: true; readonly address: ShopAddress }
  | { readonly ok: false; readonly complaint: string };

/** Waits for the line that says the shop is ready, its end, or too long. */
const firstWord = (child: ChildProcess): Promise<FirstWord> =>
  new Promise((resolve) => {
    let said = '';
    let complaint = '';
    const end = (result: FirstWord): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(
      () => end({ ok: false, complaint: `not ready after ${START_TIMEOUT_MS} ms` }),
      START_TIMEOUT_MS,
    );
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('\n')) return;
      const address = parseAddress(said);
      end(address === null ? { ok: false, complaint: 'it is not the shop' } : { ok: true, address });
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-LONGEST_COMPLAINT * 4);
    });
    child.on('error', (error) => end({ ok: false, complaint: error.message }));
    child.on('close', (code) => end({ ok: false, complaint: complaint || `it ended with code ${code}` }));
  });

const stop = async (address: ShopAddress): Promise<void> => {
  if (!(await answers(address))) return;
  try {
    process.kill(address.pid, 'SIGTERM');
  } catch {
    return;
  }
  const giveUpAtMs = performance.now() + STOP_TIMEOUT_MS;
  // It stops answering a moment before it is gone.
  while (performance.now() < giveUpAtMs && isThere(address.pid)) await pause(PROBE_EVERY_MS);
};

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
