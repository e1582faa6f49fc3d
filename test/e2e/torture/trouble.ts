// Owns one agent in trouble for a test: its yard, one client on it, and that nothing of it is left behind.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { randomOf } from '../../sim/world/random.ts';
import { until } from '../../support/until.ts';
import { type AgentPlace, type AgentProcess, startAgentProcess } from './agent-process.ts';
import { type Asked, type RoughClient, roughClient } from './rough-client.ts';
import { openYard, type Yard } from './yard.ts';

export interface Trouble {
  readonly yard: Yard;
  readonly client: RoughClient;
  /** Starts an agent that is killed at the end of the test at the latest. */
  start(place?: Partial<AgentPlace>): AgentProcess;
  /** Waits until it listens, and connects the client. */
  join(agent: AgentProcess, stateDirectory?: string): Promise<void>;
  /** Asks, and waits for the answer. */
  ask(command: Parameters<RoughClient['ask']>[0]): Promise<Asked>;
}

export const openTrouble = async (): Promise<Trouble> => {
  const yard = await openYard(randomOf(1));
  yard.pager.behave();
  await mkdir(yard.stateDirectory);
  const client = roughClient('ana');
  const agents: AgentProcess[] = [];
  onTestFinished(async () => {
    client.disconnect();
    for (const agent of agents) if (!agent.hasEnded()) await agent.end('SIGKILL');
    await yard.clear();
  });
  return {
    yard,
    client,
    start: (place = {}) => {
      const agent = startAgentProcess({ ...yard, ...place });
      agents.push(agent);
      return agent;
    },
    join: async (agent, stateDirectory = yard.stateDirectory) => {
      const url = await agent.listens();
      const token = (await readFile(join(stateDirectory, 'token'), 'utf8')).trim();
      if (!(await client.connect({ url, token }))) throw new Error(`not welcome: ${agent.output()}`);
    },
    ask: async (command) => {
      const asked = client.ask(command);
      await until(`an answer to ${command.type}`, () => asked.result !== null);
      return asked;
    },
  };
};

/** Runs a program of the system; throws with what it said. */
export const system = (program: string, ...args: readonly string[]): void =>
  void execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Whether this user may mount: only then can a test have a disk of its own. */
export const mayMount = (at: string): boolean => {
  try {
    system('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at);
    system('umount', at);
    return true;
  } catch {
    return false;
  }
};
