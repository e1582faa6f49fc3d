// Owns a whole real agent for tests: its own directories, a free port, three services without sources, and documents to contain.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { type RunningAgent, runAgent } from '../../src/agent/run-agent.ts';
import { type JsonDocuments, jsonDocuments } from './json-documents.ts';

export interface AgentUnderTest {
  readonly url: string;
  readonly stateDirectory: string;
  readonly configDirectory: string;
  readonly documents: JsonDocuments;
  /** What a command or a client of the same user has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Lines of the agent's own log. */
  readonly lines: readonly string[];
  /** Reads the configuration again, as SIGHUP does. */
  reload(): Promise<void>;
  /** Writes a configuration file, replacing it in one step. */
  configure(name: string, text: string): Promise<void>;
  /** Stops the agent; its state stays until `clear`. */
  stop(): Promise<void>;
  /** Starts it again on the same state and another port. */
  start(): Promise<void>;
  /** Where it listens from its next start on. */
  listenOn(host: string): void;
  /** Stops everything and removes the directories. */
  clear(): Promise<void>;
}

/** None of these is what a default would be: an undo that only resets is found out. */
export const BEFORE = {
  breaker: { enabled: false, mode: 'custom "ü"', limits: { rps: 750, burst: [1, 2, null] } },
  scale: { replicas: 7 },
  block: { blocked: ['10.0.0.9'] },
  cache: { flushedAt: 'never' },
} as const;

const SERVICES = ['checkout', 'payments', 'vault'] as const;

/** checkout depends on payments, vault is production. Actions: circuit-breaker (key), scale-down (typed), block (two-person), flush (none), ghost (its target is missing). `files` are further configuration files. */
export const agentUnderTest = async (
  files: Readonly<Record<string, string>> = {},
  { reloads = false, host: at = '127.0.0.1' }: { readonly reloads?: boolean; readonly host?: string } = {},
): Promise<AgentUnderTest> => {
  const root = await mkdtemp(join(tmpdir(), 'warroom-agent-'));
  const stateDirectory = join(root, 'state');
  const configDirectory = join(root, 'config');
  const documents = await jsonDocuments(
    Object.fromEntries(
      SERVICES.flatMap((service) =>
        Object.entries(BEFORE).map(([name, document]) => [`/${service}/${name}`, document]),
      ),
    ),
  );
  await mkdir(configDirectory);
  await writeFile(join(configDirectory, 'services.yaml'), servicesYaml);
  await writeFile(join(configDirectory, 'actions.yaml'), actionsYaml(documents.url));

  for (const [name, text] of Object.entries(files)) await writeFile(join(configDirectory, name), text);

  const lines: string[] = [];
  let host = at;
  const start = async (): Promise<RunningAgent> => {
    const defaultsDirectory = resolve(import.meta.dirname, '../../config');
    const read = () => loadConfig({ directory: configDirectory, defaultsDirectory, env: {} });
    const config = await read();
    return runAgent({
      config,
      ...(reloads ? { reload: read } : {}),
      stateDirectory,
      host,
      port: 0,
      clock: systemClock(),
      version: 'test',
      agentLog: agentLogTo(({ msg }) => lines.push(msg)),
    });
  };

  const removeAll = async (): Promise<void> => {
    await documents.close();
    await rm(root, { recursive: true, force: true });
  };
  let agent: RunningAgent | null = await start().catch(async (error: unknown) => {
    await removeAll();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await agent?.stop();
    agent = null;
  };
  return {
    get url() {
      return agent?.url ?? '';
    },
    stateDirectory,
    configDirectory,
    documents,
    env: { WARROOM_STATE_DIR: stateDirectory, USER: 'ana' },
    lines,
    reload: async () => agent?.reload(),
    configure: async (name, text) => {
      const draft = join(root, name);
      await writeFile(draft, text);
      await rename(draft, join(configDirectory, name));
    },
    stop,
    start: async () => {
      agent ??= await start();
    },
    listenOn: (next) => {
      host = next;
    },
    clear: async () => {
      await stop();
      await removeAll();
    },
  };
};

export const servicesYaml = `
defaults:
  environment: { name: staging, production: false }
services:
  checkout: { core: true, dependsOn: [payments] }
  payments: { core: true }
  vault: { environment: { name: eu-1, production: true } }
`;

interface ActionUnderTest {
  readonly name: string;
  readonly document: string;
  readonly confirm: string;
  readonly set: string;
}

const ACTIONS: readonly ActionUnderTest[] = [
  { name: 'circuit-breaker', document: 'breaker', confirm: 'key', set: '{ enabled: true }' },
  { name: 'scale-down', document: 'scale', confirm: 'typed', set: '{ replicas: 1 }' },
  { name: 'block', document: 'block', confirm: 'two-person', set: '{ blocked: ["*"] }' },
  { name: 'flush', document: 'cache', confirm: 'none', set: '{ flushedAt: now }' },
  { name: 'ghost', document: 'nowhere', confirm: 'key', set: '{ gone: true }' },
];

export const actionsYaml = (url: string): string => `
actions:
${ACTIONS.map(({ name, document, confirm, set }) => {
  const address = `'${url}/{service}/${document}'`;
  return `  ${name}:
    driver: http
    confirm: ${confirm}
    expires: 1h
    touches: ['every request of {service}']
    read: { url: ${address} }
    apply: { url: ${address} }
    undo: { url: ${address} }
    set: ${set}
`;
}).join('')}`;
