// Owns where an agent is tortured: its directories, the documents it contains on, and the pager it pages through.
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../sim/world/random.ts';
import { type JsonDocuments, jsonDocuments } from '../../support/json-documents.ts';

export const SERVICES = ['alpha', 'beta', 'gamma', 'delta'] as const;
/** Each with the change it makes to its document. */
export const ACTIONS = { breaker: { enabled: true }, flush: { flushed: true } } as const;
export type ActionName = keyof typeof ACTIONS;
export const BEFORE = { breaker: { enabled: false, mode: 'custom' }, flush: { flushed: false } } as const;

export interface Received {
  readonly id: string;
  readonly kind: string;
  readonly possibleDuplicate: boolean;
  readonly unrecorded: boolean;
}

export interface Pager {
  readonly url: string;
  /** What arrived, in order, whether its answer got back or not. */
  readonly received: readonly Received[];
  /** From now on it takes all and answers at once. */
  behave(): void;
  close(): Promise<void>;
}

/** Takes most of what comes after a moment, refuses some of it, and loses some of its answers. */
const pagerOf = async (random: Random): Promise<Pager> => {
  const received: Received[] = [];
  const troubled = new Map<string, number>();
  let isNasty = true;
  // Not for ever with one message: the agent would wait for minutes until it tries again.
  const isTrouble = (id: string, probability: number): boolean => {
    const times = troubled.get(id) ?? 0;
    if (!isNasty || times >= 2 || !random.chance(probability)) return false;
    troubled.set(id, times + 1);
    return true;
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    if (isNasty) await new Promise((resolve) => setTimeout(resolve, random.between(0, 60)));
    const { id, kind, possibleDuplicate, unrecorded = false } = JSON.parse(body) as Received;
    if (isTrouble(id, 0.06)) return void response.writeHead(503).end();
    received.push({ id, kind, possibleDuplicate, unrecorded });
    if (isTrouble(id, 0.05)) return void request.socket.destroy();
    response.writeHead(200).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`,
    received,
    behave: () => {
      isNasty = false;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export interface Yard {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly configDirectory: string;
  readonly documents: JsonDocuments;
  readonly pager: Pager;
  clear(): Promise<void>;
}

export const openYard = async (random: Random): Promise<Yard> => {
  const directory = await mkdtemp(join(tmpdir(), 'warroom-torture-'));
  const configDirectory = join(directory, 'config');
  const documents = await jsonDocuments(
    Object.fromEntries(
      SERVICES.flatMap((service) =>
        Object.entries(BEFORE).map(([name, document]) => [`/${service}/${name}`, document]),
      ),
    ),
  );
  const pager = await pagerOf(random);
  await mkdir(configDirectory);
  for (const [name, text] of Object.entries(configuration(documents.url, pager.url)))
    await writeFile(join(configDirectory, name), text);
  return {
    directory,
    stateDirectory: join(directory, 'state'),
    configDirectory,
    documents,
    pager,
    clear: async () => {
      await documents.close();
      await pager.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

const configuration = (documentsUrl: string, pagerUrl: string): Readonly<Record<string, string>> => ({
  'services.yaml': `
defaults:
  environment: { name: staging, production: false }
services:
${SERVICES.map((service) => `  ${service}: {}\n`).join('')}`,
  'actions.yaml': `
actions:
${Object.entries(ACTIONS)
  .map(([name, set]) => {
    const address = `{ url: '${documentsUrl}/{service}/${name}' }`;
    const confirm = name === 'flush' ? 'none' : 'key';
    return `  ${name}:
    driver: http
    confirm: ${confirm}
    read: ${address}
    apply: ${address}
    undo: ${address}
    set: ${JSON.stringify(set)}
`;
  })
  .join('')}`,
  'escalation.yaml': `
escalation:
  sev1: { initial: [ona], 2s: [lea], 6s: [max] }
  sev2: { initial: [ona], 5s: [lea] }
  sev3: { initial: [ona] }
  sev4: {}
`,
  'notifications.yaml': `
contacts:
${['ona', 'lea', 'max'].map((contact) => `  ${contact}: { webhook: '${pagerUrl}' }\n`).join('')}
sinks:
  news: { webhook: '${pagerUrl}' }
`,
});
