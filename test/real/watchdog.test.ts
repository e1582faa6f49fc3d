// Owns the proof that a dead agent is noticed: real processes, killed, stopped and started again, and the pages that go out.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../agent/sources/loopback-server.ts';
import { until } from '../support/until.ts';

const PROGRAM = resolve(import.meta.dirname, '../../src/main.ts');

interface Page {
  readonly path: string;
  readonly kind: string;
  readonly text: string;
  readonly id: string;
}

let root: string;
let pager: LoopbackServer;
let pages: Page[];
let children: ChildProcess[];
let env: Record<string, string>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'warroom-watchdog-'));
  pages = [];
  children = [];
  pager = await startLoopbackServer((request, response, body) => {
    const { kind, text, id } = JSON.parse(body);
    // Pages of the agent itself go the same way.
    if (String(id).startsWith('watchdog/')) pages.push({ path: request.url ?? '', kind, text, id });
    response.end();
  });
  const config = join(root, 'config');
  await mkdir(config);
  await writeFile(join(config, 'services.yaml'), 'services: { checkout: {} }\n');
  await writeFile(
    join(config, 'notifications.yaml'),
    `contacts: { ana: { webhook: "${pager.url}/ana" }, ben: { webhook: "${pager.url}/ben" } }\nsinks: { channel: { webhook: "${pager.url}/channel" } }\n`,
  );
  await writeFile(
    join(config, 'watchdog.yaml'),
    'silentAfter: 5s\nrepeatEvery: 30s\ncontacts: [ana, ben]\nsinks: [channel]\n',
  );
  env = {
    PATH: process.env.PATH ?? '',
    HOME: root,
    USER: 'ana',
    WARROOM_STATE_DIR: join(root, 'state'),
    WARROOM_CONFIG_DIR: config,
  };
});

afterEach(async () => {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }),
  );
  await pager.stop();
  await rm(root, { recursive: true, force: true });
});

const launch = (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  return {
    child,
    said: () => said,
    says: (words: string) =>
      until(
        `${args[0]} to say "${words}"`,
        () => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
          return said.includes(words);
        },
        30_000,
      ),
    ends: async () => {
      if (child.exitCode === null) await once(child, 'exit');
      return { code: child.exitCode, said };
    },
  };
};

const startAgent = async () => {
  const agent = launch(['agent', '--port', '0', '--log-format', 'text']);
  await agent.says('listening on');
  return agent;
};
const startWatchdog = async (more: Readonly<Record<string, string>> = {}) => {
  const watchdog = launch(['watchdog', '--log-format', 'text'], more);
  await watchdog.says('watching the agent');
  return watchdog;
};

const command = (...args: readonly string[]) => launch(args).ends();

const lastKnown = (): Promise<string> =>
  readFile(join(root, 'state-watchdog', 'last-known.json'), 'utf8').catch(() => '{}');

const isHeard = async (): Promise<boolean> => JSON.parse(await lastKnown()).heardAt > '';

const declareIncident = async (): Promise<void> => {
  const words = ['declare', '--service', 'checkout', '--title', 'customers cannot pay', '--severity', 'sev1'];
  expect(await command(...words)).toMatchObject({ code: 0 });
};

const pagesOf = (kind: string): readonly Page[] => pages.filter((page) => page.kind === kind);

const aPage = (words: string): Promise<Page> =>
  until(
    `a page that says "${words}"`,
    () => pages.find(({ kind, text }) => kind === 'page' && text.includes(words)),
    40_000,
  );

const journalText = async (): Promise<string> => {
  const directory = join(root, 'state', 'journal');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.jsonl')).sort();
  return (await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))).join('');
};

describe('a watchdog and its agent, as processes', () => {
  it('pages when the agent is killed, with what was open, and gives the all clear when it is back', async () => {
    const agent = await startAgent();
    await startWatchdog();
    await until('the watchdog to hear the agent', isHeard);
    await declareIncident();
    await until('the watchdog to know the incident', async () => (await lastKnown()).includes('customers cannot pay'));

    agent.child.kill('SIGKILL');
    const page = await aPage('NO WORD FROM THE AGENT');
    expect(page.path).toBe('/ana');
    expect(page.text).toMatch(
      /SEV1 INC-\d{4}-0001 customers cannot pay: .*level 15min \(engineering-manager\) falls due in 14 min/,
    );
    await until('the sink to hear of it', () =>
      pages.some(({ path, kind }) => path === '/channel' && kind === 'announcement'),
    );

    await startAgent();
    const [notice] = await until(
      'the all clear',
      () => {
        const notices = pagesOf('notice');
        return notices.length > 0 ? notices : null;
      },
      30_000,
    );
    expect(notice).toMatchObject({
      path: '/ana',
      text: expect.stringMatching(/answers again, after \d+ s without a word\. Open: INC-/),
    });
    expect(pagesOf('page')).toHaveLength(1);
  });

  it('pages when the agent hangs with its connections open, and the agent tells of its standstill afterwards', async () => {
    const agent = await startAgent();
    await startWatchdog();
    await until('the watchdog to hear the agent', isHeard);

    agent.child.kill('SIGSTOP');
    await aPage('NO WORD FROM THE AGENT');
    agent.child.kill('SIGCONT');
    await until('the all clear', () => pagesOf('notice').length > 0, 30_000);
    await until('the standstill on record', async () => (await journalText()).includes('"agent.stalled"'));
    expect(await journalText()).not.toContain('"clock.jumped"');
    expect(agent.said()).toMatch(/WARN +the agent stood still for \d{4,5} ms/);
  });

  it('looks again after a pause of its own before it calls the agent silent', async () => {
    await startAgent();
    const watchdog = await startWatchdog();
    await until('the watchdog to hear the agent', isHeard);
    watchdog.child.kill('SIGSTOP');
    const stoppedAt = performance.now();
    await until('longer than the silence it waits for', () => performance.now() - stoppedAt > 9_000, 20_000);
    watchdog.child.kill('SIGCONT');
    // What it hears next comes after what it would have made of its own pause.
    await declareIncident();
    await until('the watchdog to know the incident', async () => (await lastKnown()).includes('customers cannot pay'));
    expect(pages).toEqual([]);
  });

  it('is told to be wrong by an agent that does not take its token', async () => {
    await startAgent();
    await startWatchdog({ WARROOM_TOKEN: 'not-the-token' });
    expect((await aPage('REFUSES THE WATCHDOG')).text).toContain('the token is not accepted');
  });

  it('looks once for a cron job: 0 when the agent is well, 1 and a page when it is not, no second page within the interval', async () => {
    const agent = await startAgent();
    expect(await command('watchdog', '--once')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^ok: the agent at .* is well, 0 open incidents\n$/),
    });
    agent.child.kill('SIGKILL');
    const first = await command('watchdog', '--once');
    expect(first).toMatchObject({ code: 1, said: expect.stringContaining('NO WORD FROM THE AGENT') });
    expect(pagesOf('page')).toHaveLength(1);
    const second = await command('watchdog', '--once', '--json');
    expect(second.code).toBe(1);
    expect(JSON.parse(second.said)).toMatchObject({ ok: false, trouble: 'silent', openIncidents: 0 });
    expect(pagesOf('page')).toHaveLength(1);
    await startAgent();
    expect(await command('watchdog', '--once')).toMatchObject({ code: 0 });
    expect(pagesOf('notice')).toHaveLength(1);
  });

  it('watches alone in its directory, and pages nobody only if told whom not', async () => {
    await startWatchdog();
    const second = await command('watchdog');
    expect(second).toMatchObject({ code: 1, said: expect.stringMatching(/a watchdog already runs on .* \(pid \d+\)/) });
    await writeFile(join(root, 'config', 'watchdog.yaml'), 'contacts: []\n');
    const third = await command('watchdog', '--state', join(root, 'other'));
    expect(third).toMatchObject({ code: 2, said: expect.stringContaining('names nobody to page') });
  });
});
