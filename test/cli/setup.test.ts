import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakePrometheus, series, startFakePrometheus } from '../agent/setup/fake-prometheus.ts';
import { agentUnderTest } from '../support/agent-under-test.ts';
import { jsonOf, run, start } from './command-line.ts';

let root: string;
let directory: string;
let prometheus: FakePrometheus;
let env: Record<string, string>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'warroom-setup-'));
  directory = join(root, 'config');
  env = { HOME: root, WARROOM_STATE_DIR: join(root, 'state'), PATH: process.env.PATH ?? '' };
  prometheus = await startFakePrometheus(
    series('http_requests_total', { service: 'checkout', status: '200' }, 12.345),
    series('http_request_duration_seconds_bucket', { service: 'checkout', le: '+Inf' }, 12),
    series('basket_requests_total', { service: 'basket' }, 0),
    series('up', { job: 'node' }),
  );
});
afterEach(async () => {
  await prometheus.stop();
  await rm(root, { recursive: true, force: true });
});

describe('warroom init', () => {
  it('writes what it found, says what it did not find, and names the next steps', async () => {
    const ended = await run(['init', '--prometheus', `${prometheus.url}/`, '--dir', directory], env);
    expect(ended.exit).toBe(0);
    expect(ended.stdout.replaceAll(directory, 'DIR').split('\n')).toEqual([
      'found 2 services, 1 more scraped without a counter of requests',
      '  checkout  12.3 requests/s',
      '  basket  0 requests/s',
      'not found:',
      '  basket: nothing tells failed requests apart; add errors: COUNTER{status=~"5.."} (a counter of failures)',
      '  basket: no latency histogram found; add latency: NAME_bucket (a histogram of seconds)',
      '  node: no counter of requests found; add requests: and errors:, or checks:',
      'wrote services.yaml, notifications.yaml in DIR',
      'next:',
      '  warroom check-config --config DIR',
      '  warroom doctor --config DIR',
      '  warroom agent --config DIR',
      '  warroom',
      '',
    ]);
    const checked = await run(['check-config', '--config', directory, '--json'], env);
    expect(jsonOf(checked)).toMatchObject({ ok: true, services: 2 });
    expect(await readFile(join(directory, 'notifications.yaml'), 'utf8')).toContain('# contacts:');
  });

  it("writes to the user's own directory unless told, where the next commands find it", async () => {
    const ended = await run(['init', '--prometheus', prometheus.url], env);
    expect(ended.stdout).toContain(`in ${join(root, '.config', 'warroom')}\n`);
    const elsewhere = await run(['init', '--prometheus', prometheus.url], { ...env, WARROOM_CONFIG_DIR: directory });
    expect(elsewhere.stdout).toContain('\n  warroom check-config\n');
  });

  it('replaces no file without --force, and asks nothing before it has said so', async () => {
    await run(['init', '--prometheus', prometheus.url, '--dir', directory], env);
    const file = join(directory, 'services.yaml');
    await writeFile(file, 'services: { mine: {} }\n');
    prometheus.asked.length = 0;
    const refused = await run(['init', '--prometheus', prometheus.url, '--dir', directory], env);
    expect(refused).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('--force') });
    expect(prometheus.asked).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe('services: { mine: {} }\n');
    expect(await run(['init', '--prometheus', prometheus.url, '--dir', directory, '--force'], env)).toMatchObject({
      exit: 0,
    });
    expect(await readFile(file, 'utf8')).toContain('checkout:');
  });

  it('keeps a notifications.yaml that is there, and writes every file with --all', async () => {
    await run(['init', '--prometheus', prometheus.url, '--dir', directory, '--all'], env);
    const names = await readdir(directory);
    expect(names).toContain('escalation.yaml');
    await rm(join(directory, 'services.yaml'));
    const again = jsonOf(await run(['init', '--prometheus', prometheus.url, '--dir', directory, '--json'], env));
    expect(again).toMatchObject({ ok: true, written: ['services.yaml'], kept: ['notifications.yaml'] });
  });

  it('asks for the address on a terminal, and takes the usual one for Enter', async () => {
    const asked = start(['init', '--dir', directory], env, true);
    await asked.says('Address of your Prometheus [http://127.0.0.1:9090]:');
    asked.type(prometheus.url);
    expect(await asked.ended).toMatchObject({ exit: 0 });
  });

  it('answers as JSON', async () => {
    const ended = await run(['init', '--prometheus', prometheus.url, '--dir', directory, '--json'], env);
    expect(jsonOf(ended)).toMatchObject({
      ok: true,
      directory,
      written: ['services.yaml', 'notifications.yaml'],
      kept: [],
      services: [
        { name: 'checkout', requestsPerSecond: 12.345, errors: true, latency: true },
        { name: 'basket', requestsPerSecond: 0, errors: false, latency: false },
      ],
      missing: expect.arrayContaining([expect.stringMatching(/^basket: /)]),
    });
    expect(ended.stderr).toBe('');
  });

  it('that finds nothing to watch writes a file to fill in and ends with 1', async () => {
    prometheus.series = [];
    const ended = await run(['init', '--prometheus', prometheus.url, '--dir', directory], env);
    expect(ended).toMatchObject({ exit: 1, stdout: expect.stringContaining('nothing is watched yet') });
    expect(await readFile(join(directory, 'services.yaml'), 'utf8')).toContain('services: {}');
  });

  it.each([
    ['not an address', 2],
    ['http://user:s3cr3t@127.0.0.1/', 2],
    ['http://127.0.0.1:1', 1],
  ])('%s is told with a fix, writes nothing and repeats no password', async (url, exit) => {
    const ended = await run(['init', '--prometheus', url, '--dir', directory], env);
    expect(ended.exit).toBe(exit);
    expect(ended.stderr).toContain('--prometheus http://');
    expect(ended.stderr).not.toContain('s3cr3t');
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
  });

  it('a directory that takes no files is told', async () => {
    await writeFile(directory, '');
    const ended = await run(['init', '--prometheus', prometheus.url, '--dir', join(directory, 'x')], env);
    expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining('cannot write to') });
  });
});

describe('warroom doctor', () => {
  const configure = (notifications: string) =>
    Promise.all([
      run(['init', '--prometheus', prometheus.url, '--dir', directory], env),
      writeFile(join(root, 'x'), ''),
    ]).then(() => writeFile(join(directory, 'notifications.yaml'), notifications));
  const reachable = 'webhook: http://127.0.0.1/\nsinks: { all: { webhook: http://127.0.0.1/ } }\n';

  it('ends with 0 when nothing fails, each finding on a line', async () => {
    await configure(reachable);
    const ended = await run(['doctor', '--config', directory], env);
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toMatch(/^ok {4}Node /);
    expect(ended.stdout).toContain('ok    requests: http_requests_total has series for 1 of 1 service\n');
    expect(ended.stdout).toMatch(/\nwarn {2}no agent runs on .* {2}— {2}start one: warroom agent/);
    expect(ended.stdout).toMatch(/\n\d+ ok, \d+ to know about, 0 failed\n$/);
    expect(ended.exit).toBe(0);
  });

  it('ends with 1 when something fails, and says so as JSON of a stable shape', async () => {
    await configure('contacts: {}\n');
    await prometheus.stop();
    const ended = await run(['doctor', '--config', directory, '--json'], env);
    expect(ended.exit).toBe(1);
    const { ok, findings } = jsonOf(ended) as { ok: boolean; findings: readonly Record<string, unknown>[] };
    expect(ok).toBe(false);
    for (const finding of findings) expect(Object.keys(finding)).toEqual(['state', 'about', 'what', 'fix']);
    const failed = findings.filter(({ state }) => state === 'fail').map(({ about }) => about);
    expect(failed).toEqual(['prometheus', 'ladders']);
    for (const { state, fix } of findings) expect(fix === null).toBe(state === 'ok');
  });

  it('tells each problem of a configuration that does not load, and looks at the rest all the same', async () => {
    await configure(reachable);
    await writeFile(join(directory, 'services.yaml'), 'services: { a: { core: 1, dependsOn: [b] } }\n');
    const ended = await run(['doctor', '--config', directory], env);
    expect(ended.exit).toBe(1);
    expect(ended.stdout).toContain('FAIL  services.yaml:1:24 services.a.core: is 1, expected true or false');
    expect(ended.stdout).toContain('FAIL  services.yaml:1:39 services.a.dependsOn[0]:');
    expect(ended.stdout).toContain('ok    the state directory');
    const missing = await run(['doctor', '--config', join(root, 'nowhere')], env);
    expect(missing.stdout).toContain(`warroom init --dir ${join(root, 'nowhere')}`);
  });

  it('finds the agent that runs, with its version and whether its log takes writes', async () => {
    const agent = await agentUnderTest();
    const told = async (more: Record<string, string> = {}) => {
      const { findings } = jsonOf(
        await run(['doctor', '--config', agent.configDirectory, '--json'], { ...env, ...agent.env, ...more }),
      ) as { findings: readonly Record<string, string>[] };
      return findings.filter(({ about }) => about === 'agent').map(({ state, what }) => `${state} ${what}`);
    };
    expect(await told()).toEqual([
      `ok an agent of version test runs at ${agent.url} and its log takes writes`,
      expect.stringMatching(/^warn it has version test, this program /),
    ]);
    expect(await told({ WARROOM_TOKEN: 'wrong' })).toEqual([`fail the agent at ${agent.url} does not take the token`]);
    expect(await told({ WARROOM_URL: 'http://ana:s3cr3t@127.0.0.1:1', WARROOM_TOKEN: 'x' })).toEqual([
      expect.stringMatching(/^warn no agent answers at http:\/\/127\.0\.0\.1:1: /),
    ]);
    await agent.clear();
  });
});

describe('warroom check-config', () => {
  it('warns of what is missing for a working room, apart from problems, and ends with 0', async () => {
    const ended = await run(['check-config', '--config', join(root)], env);
    expect(ended.exit).toBe(0);
    const [first, ...warnings] = ended.stdout.trimEnd().split('\n');
    expect(first).toMatch(/^ok: 0 services/);
    expect(warnings[0]).toMatch(/^warn {2}no service is configured: nothing is watched {2}— {2}warroom init/);
    expect(warnings).toHaveLength(4);
    const json = jsonOf(await run(['check-config', '--config', root, '--json'], env));
    expect(json).toMatchObject({
      ok: true,
      warnings: [{ about: 'services', what: expect.any(String), fix: expect.any(String) }, {}, {}, {}],
    });
  });
});
