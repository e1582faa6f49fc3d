import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/agent/clock.ts';
import type { Config, SmtpServer } from '../../../src/agent/config/config.ts';
import { examineMail, examineSlack } from '../../../src/agent/setup/examine-notifiers.ts';
import { examinePrometheus } from '../../../src/agent/setup/examine-prometheus.ts';
import { examineJournal, examineState } from '../../../src/agent/setup/examine-state.ts';
import { examineChecks, examineScrapes } from '../../../src/agent/setup/examine-targets.ts';
import type { Finding } from '../../../src/agent/setup/finding.ts';
import { missingSteps } from '../../../src/agent/setup/missing-steps.ts';
import { type Files, load } from '../config/load.ts';
import { type LoopbackServer, startLoopbackServer } from '../sources/loopback-server.ts';
import { type FakePrometheus, series, startFakePrometheus } from './fake-prometheus.ts';

const asking = { clock: systemClock(), stopping: new AbortController().signal };
const told = (findings: readonly Finding[]): readonly string[] => findings.map(({ state, what }) => `${state} ${what}`);

describe('missing steps', () => {
  const steps = async (files: Files, env: Record<string, string> = {}): Promise<readonly string[]> =>
    told(await missingSteps(await load(files, env), env));
  const everybody = 'webhook: http://127.0.0.1/\nsinks: { all: { webhook: http://127.0.0.1/ } }\n';
  const watched = 'services: { checkout: { scrape: ["http://127.0.0.1/metrics"] } }\n';

  it('of the shipped configuration are services, people and a sink', async () => {
    const all = 'on-call-engineer, incident-commander, engineering-manager, vp-engineering, cto';
    expect(await steps({})).toEqual([
      'warn no service is configured: nothing is watched',
      `warn pages to ${all} go to the agent's log alone`,
      'fail nobody on the ladder default can be reached for SEV1, SEV2, SEV3, SEV4',
      'warn nobody hears of incidents outside of the room',
    ]);
  });

  it('are none where all is there', async () => {
    expect(await steps({ 'services.yaml': watched, 'notifications.yaml': everybody })).toEqual([]);
  });

  it('name the services of which nothing is watched', async () => {
    const services = 'services: { a: {}, b: { checks: [{ name: x, tcp: "h:1" }] } }\n';
    expect(await steps({ 'services.yaml': services, 'notifications.yaml': everybody })).toEqual([
      'warn nothing is watched of a',
    ]);
  });

  it('look at the ladders that services use, and at each severity', async () => {
    const found = await steps({
      'services.yaml': watched.replace('scrape', 'escalation: platform, scrape'),
      'escalation.yaml': 'ladders: { platform: { sev1: { initial: [ops] } }, unused: { sev1: { initial: [cto] } } }\n',
      'notifications.yaml': 'contacts: { on-call-engineer: { webhook: http://127.0.0.1/ } }\n',
    });
    expect(found).toContain('fail nobody on the ladder platform can be reached for SEV1');
    expect(found).toHaveLength(3);
  });

  it('say that the watchdog can reach nobody, where it has somebody to page', async () => {
    const files = {
      'services.yaml': watched,
      'notifications.yaml': 'contacts: { ana: { webhook: http://127.0.0.1/ } }\n',
    };
    const ofWatchdog = async (watchdog: string) =>
      (await steps({ ...files, 'watchdog.yaml': watchdog })).filter((step) => step.includes('watchdog'));
    expect(await ofWatchdog('contacts: [cto]\n')).toEqual(['fail the watchdog can reach nobody: no address for cto']);
    expect(await ofWatchdog('contacts: [cto, ana]\n')).toEqual([]);
    expect(await ofWatchdog('contacts: []\n')).toEqual([]);
  });

  it('name programs that nobody can run', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'warroom-programs-'));
    await writeFile(join(directory, 'tool'), '', { mode: 0o755 });
    await writeFile(join(directory, 'data'), '', { mode: 0o644 });
    await mkdir(join(directory, 'folder'));
    const action = (name: string, program: string): string =>
      `  ${name}: { driver: exec, read: { run: [${program}] }, apply: { run: [tool] }, undo: { run: [tool] }, set: 1 }\n`;
    const actions = ['tool', `${directory}/tool`, 'folder', `${directory}/data`, 'no-such-tool'].map((program, index) =>
      action(`a${index}`, program),
    );
    const files = {
      'services.yaml': watched,
      'notifications.yaml': everybody,
      'actions.yaml': `actions:\n${actions.join('')}`,
    };
    expect(await steps(files, { PATH: directory })).toEqual([
      'fail a2: there is no program folder that this user may run',
      `fail a3: there is no program ${directory}/data that this user may run`,
      'fail a4: there is no program no-such-tool that this user may run',
    ]);
    await rm(directory, { recursive: true });
  });
});

describe('a Prometheus', () => {
  let prometheus: FakePrometheus;
  beforeEach(async () => {
    prometheus = await startFakePrometheus(
      series('http_requests_total', { service: 'checkout', status: '200' }),
      series('http_request_duration_seconds_bucket', { service: 'checkout', le: '+Inf' }),
    );
  });
  afterEach(() => prometheus.stop());

  const examine = async (services: string): Promise<readonly string[]> => {
    const text = `defaults: { prometheus: { url: "${prometheus.url}" } }\nservices: ${services}\n`;
    const { watches } = await load({ 'services.yaml': text });
    return told(await examinePrometheus(watches, asking)).map((line) => line.replaceAll(prometheus.url, 'URL'));
  };

  it('that answers, with our time and series for what is watched, is fine; a service that never failed too', async () => {
    expect(await examine('{ checkout: {} }')).toEqual([
      'ok the Prometheus at URL answers',
      "ok the clock of the Prometheus at URL agrees with this host's",
      'ok requests: http_requests_total has series for 1 of 1 service',
      'ok errors: http_requests_total has series for 1 of 1 service',
      'ok latency: http_request_duration_seconds_bucket has series for 1 of 1 service',
    ]);
  });

  it('is asked for each selector, and what has no series is named with its label', async () => {
    const found = await examine(
      '{ checkout: { latency: null }, basket: { latency: took_bucket, prometheus: { labelValue: b } } }',
    );
    expect(found.slice(2)).toEqual([
      'ok requests: http_requests_total has series for 1 of 2 services',
      'fail requests: http_requests_total has no series by service for basket (service="b")',
      'ok errors: http_requests_total has series for 1 of 2 services',
      'warn errors: http_requests_total has no series by service for basket (service="b")',
      'warn latency: took_bucket has no series by service for basket (service="b")',
    ]);
  });

  it.each([
    [5.04, /is [45]\.\d s ahead of this host's/],
    [-3.04, /is 3\.\d s behind this host's/],
  ])('whose clock is %s s off says so', async (offset, words) => {
    prometheus.nowSeconds = () => Date.now() / 1_000 + offset;
    expect((await examine('{ checkout: {} }'))[1]).toMatch(words);
  });

  it('that is not there is one failure, however many services want it', async () => {
    await prometheus.stop();
    expect(await examine('{ a: {}, b: {}, c: {} }')).toEqual([
      'fail the Prometheus at URL does not answer: connection refused',
    ]);
  });
});

describe('addresses', () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await startLoopbackServer((request, response) => {
      if (request.url === '/metrics') response.end('http_requests_total{status="200"} 5\n');
      else if (request.url === '/html') response.end('<html>');
      else if (request.url === '/idle') response.end('other 5\n');
      else response.writeHead(request.url === '/health' ? 204 : 503).end();
    });
  });
  afterEach(() => server.stop());

  const watches = async (entry: string) => {
    const text = entry.replaceAll('URL', server.url).replaceAll('PORT', String(server.port));
    return (await load({ 'services.yaml': `services: { a: ${text} }` })).watches;
  };

  it('of checks are tried once each', async () => {
    const checks = await watches(
      '{ checks: [{ name: up, http: "URL/health" }, { name: tcp, tcp: "127.0.0.1:PORT" }, { name: down, http: "URL/x" }, { name: gone, tcp: "127.0.0.1:1" }, { name: far, http: "http://no-such-host.invalid/" }] }',
    );
    expect(told(await examineChecks(checks, asking)).map((line) => line.replace(server.url, 'URL'))).toEqual([
      'ok 2 of 5 checks answer as expected',
      'warn check down of a: URL/x answers 503, expected 200 to 299',
      'fail check gone of a: 127.0.0.1:1: connection refused',
      expect.stringMatching(/^fail check far of a: http:\/\/no-such-host\.invalid\/: host name/),
    ]);
  });

  it('of /metrics pages are read once each', async () => {
    const pages = await watches('{ scrape: ["URL/metrics", "URL/html", "URL/idle", "URL/x"] }');
    expect(told(await examineScrapes(pages, asking)).map((line) => line.replace(server.url, 'URL'))).toEqual([
      'ok 1 of 4 /metrics pages can be read',
      expect.stringMatching(/^fail a: URL\/html has no metrics: /),
      'warn a: URL/idle has no series of http_requests_total',
      'fail a: URL/x: HTTP 503',
    ]);
  });

  it('that nobody configured are no findings', async () => {
    expect(await examineChecks(await watches('{}'), asking)).toEqual([]);
    expect(await examineScrapes(await watches('{}'), asking)).toEqual([]);
  });
});

describe('a mail server', () => {
  const listening = (server: { listen(port: number, host: string, done: () => void): unknown }) =>
    new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const at = (port: number, changes: Partial<SmtpServer> = {}): SmtpServer => ({
    host: '127.0.0.1',
    port,
    security: 'none',
    user: null,
    password: null,
    from: 'a@b.example',
    timeoutMs: 1_000,
    ...changes,
  });
  const portOf = (server: { address(): unknown }): number => (server.address() as { port: number }).port;
  const words = async (server: SmtpServer): Promise<string> =>
    told(await examineMail(server))
      .join()
      .replace(`:${server.port}`, '');

  it('is greeted and logged in to, and gets no message', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ password }, _, done) => done(password === 's3cr3t' ? null : new Error('no s3cr3t'), { user: 'a' }),
      onMailFrom: ({ address }, _, done) => {
        mails.push(address);
        done();
      },
    });
    server.on('error', () => undefined);
    await listening(server);
    const port = portOf(server.server);
    const login = { user: 'war', password: 's3cr3t' };
    expect(await words(at(port, login))).toBe('ok the mail server 127.0.0.1 greets and takes the login');
    expect(await words(at(port, { ...login, password: 'wrong' }))).toBe(
      'fail the mail server 127.0.0.1 refuses the login (535)',
    );
    expect(mails).toEqual([]);
    await new Promise<void>((resolve) => server.close(resolve));
    expect(await words(at(port))).toBe('fail the mail server 127.0.0.1 does not answer: connection refused');
  });

  it('that says nothing, hangs up, or is something else is told apart from one that works', async () => {
    const servers: Server[] = [];
    const answering = async (greeting: string | null): Promise<number> => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        if (greeting === null) socket.destroy();
        else socket.write(greeting);
      });
      await listening(server);
      servers.push(server);
      return portOf(server);
    };
    const [hangsUp, other, silent] = await Promise.all([null, 'HTTP/1.1 400 Bad Request\r\n\r\n', ''].map(answering));
    const found = await Promise.all([hangsUp, other, silent].map((port) => words(at(port ?? 0))));
    expect(found[0]).toMatch(/^fail .* does not answer/);
    expect(found[1]).toMatch(/^fail .* does not/);
    expect(found[2]).toBe('fail the mail server 127.0.0.1 does not answer within 3 s');
    for (const server of servers) server.close();
  });

  it('that is not configured is no finding', async () => {
    expect(await examineMail(null)).toEqual([]);
  });
});

it.each([
  [
    'https://hooks.slack.com/services/T024/B024/hunter2hunter2',
    'ok the Slack webhook of ana looks like one; warroom notify-test sends through it',
  ],
  ['https://hooks.slack.com/hunter2', 'fail the Slack webhook of ana is not whole'],
  ['https://chat.example/hooks/hunter2', 'warn the webhook of ana is at chat.example, not at hooks.slack.com'],
  [
    'http://chat.example/hunter2',
    'fail the webhook of ana at chat.example is without TLS: everybody on the way reads it',
  ],
  ['http://127.0.0.1:5/hunter2', 'warn the webhook of ana is at 127.0.0.1, not at hooks.slack.com'],
])('a Slack webhook %s is read, never posted to, never repeated', (webhookUrl, words) => {
  const ana = { byHand: {}, webhook: null, email: null, slack: { webhookUrl, mention: null } };
  const findings = examineSlack({ contacts: { ana }, sinks: {} } as unknown as Config);
  expect(told(findings)).toEqual([words]);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

describe('a state directory', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'warroom-state-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const examine = async (path: string) => told(await examineState(path)).map((line) => line.replaceAll(root, 'ROOT'));

  it('that is not there yet will be made, and is not made now', async () => {
    const [first] = await examine(join(root, 'a', 'b'));
    expect(first).toBe('ok the state directory ROOT/a/b will be made at the first start');
    expect(await examine(join(root, 'a'))).toContain('ok the state directory ROOT/a will be made at the first start');
  });

  it('that is private is fine', async () => {
    expect(await examine(root)).toEqual(['ok the state directory ROOT can be written to']);
  });

  it('into which others look says so, and so does its token', async () => {
    await chmod(root, 0o755);
    await writeFile(join(root, 'token'), 'x', { mode: 0o644 });
    expect(await examine(root)).toEqual(
      expect.arrayContaining([
        'warn other users may look into ROOT',
        'fail other users may read the token in ROOT/token',
      ]),
    );
  });

  it('that is a file, or lies behind one, cannot be used', async () => {
    await writeFile(join(root, 'file'), '');
    expect(await examine(join(root, 'file'))).toEqual(['fail ROOT/file is no directory']);
    expect(await examine(join(root, 'file', 'x'))).toEqual([expect.stringMatching(/^fail .*ENOTDIR$/)]);
  });

  it('has its journal read: none, whole, unfinished or damaged', async () => {
    expect(await examineJournal(root)).toEqual([]);
    await mkdir(join(root, 'journal'));
    const file = join(root, 'journal', 'journal-000001.jsonl');
    await writeFile(file, '');
    expect(told(await examineJournal(root))).toEqual(['ok the journal is whole: 0 commits']);
    await writeFile(file, '{"v":1,');
    expect(told(await examineJournal(root))).toEqual([expect.stringContaining('the last line unfinished')]);
    await writeFile(file, 'nonsense\n');
    expect(await examineJournal(root)).toMatchObject([{ state: 'fail', about: 'journal', fix: expect.any(String) }]);
  });
});
