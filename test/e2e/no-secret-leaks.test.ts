// Owns the proof that a configured secret is nowhere but where it is used: a whole incident in which everything outside fails and repeats what it was sent.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { DEAD_TIME_MS } from '../../src/tui/dialog.ts';
import { loopbackServer } from '../agent/drivers/loopback-server.ts';
import {
  listeningIn,
  mirror,
  packed,
  repeated,
  repeatingMailServer,
  watchProcesses,
} from '../support/indiscreet-world.ts';
import type { Terminal } from '../support/pty.ts';
import { leaksIn } from '../support/secret-scan.ts';
import { until } from '../support/until.ts';
import { type Background, openScene, type Scene } from './scene.ts';

// With characters that look otherwise in an address, in JSON and in HTML.
const SECRETS = {
  'Slack webhook': 'Xs1ackT0kenQ7w8e9r0t',
  'webhook address': 'hq2Addre55Tok3nZ8x7',
  'webhook header': 'hh"3Head\\er+&Tok<en>',
  'webhook header from a file': 'hf4FileTok=en/9%zz',
  'Prometheus login': 'pr5"Pass&wor/d+%q',
  'Prometheus header': 'ph6TenantK3y+/=zz',
  'action header': 'ah7"Act\\ion/K+ey%=',
  'program environment': 'pe8"Env&Tok\\en+/=',
  'mail password': 'mp9"Ma\\il+Pass/=%&',
  heartbeat: 'hb0HeartBeatUuid4711',
} as const;
/** What a person gave away: it has to be found in all these places, or they were not looked at. */
const GIVEN_AWAY = 'gv"Given/Away+Passw0rd';
const IN_ALERT = 'ial3rtNoJs0n';
const IN_CONFIG = 'icf9KeyNobodyKnows';

const filesIn = async (directory: string, except: readonly string[]): Promise<string> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !except.includes(entry.name));
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return [...entries.map((entry) => entry.name), ...texts].join('\n');
};

const PROGRAM_THAT_TELLS = `#!/bin/sh
case "$1" in
  read) if [ -e "$2.told" ]; then printf 'off %s\\n' "$TOKEN"; else echo off; fi ;;
  *) sleep 0.4; printf 'cannot log in with %s\\n' "$TOKEN" >&2; printf '%s\\n' "$TOKEN"; exit 3 ;;
esac
`;

/** A team's own interface whose writes fail; once it `tells`, its document holds what it was sent. */
const tellingTarget = async () => {
  let tells = false;
  const server = await loopbackServer((request, response) => {
    if (request.method !== 'GET') return response.writeHead(500).end(`cannot: ${repeated(request)}`);
    return response.end(JSON.stringify({ breaker: false, ...(tells ? { told: repeated(request) } : {}) }));
  });
  onTestFinished(() => server.close());
  return {
    ...server,
    tell: (now: boolean) => {
      tells = now;
    },
  };
};

type Target = Awaited<ReturnType<typeof tellingTarget>>;

interface Outside {
  readonly world: Awaited<ReturnType<typeof mirror>>;
  readonly target: Target;
  readonly mailPort: number;
  /** The team's program. */
  readonly program: string;
}

const configurationOf = ({ world, target, mailPort, program }: Outside): Readonly<Record<string, string>> => ({
  'header.txt': `${SECRETS['webhook header from a file']}\n`,
  'mail.txt': SECRETS['mail password'],
  'services.yaml': `
defaults:
  prometheus:
    url: ${world.url}
    pollEvery: 200ms
    timeout: 300ms
    headers: { Authorization: "Basic \${PROM_LOGIN}", X-Scope: "\${PROM_HEADER}" }
  environment: { name: staging, production: false }
services:
  checkout:
    core: true
    actions: [breaker, flag]
    checks: [ { name: http, http: "${world.url}/health", every: 300ms, timeout: 300ms } ]
`,
  'actions.yaml': `
actions:
  breaker:
    driver: http
    confirm: key
    timeout: 1s
    set: { breaker: true }
    read: { url: "${target.url}/{service}", headers: { X-Api-Key: "\${ACTION}" } }
    apply: { method: PUT, url: "${target.url}/{service}", headers: { X-Api-Key: "\${ACTION}" } }
    undo: { method: PUT, url: "${target.url}/{service}", headers: { X-Api-Key: "\${ACTION}" } }
  flag:
    driver: exec
    confirm: key
    timeout: 2s
    set: "on"
    env: { TOKEN: "\${PROGRAM}" }
    read: { run: [${program}, read, ${program}] }
    apply: { run: [${program}, set, "{after}"] }
    undo: { run: [${program}, set, "{before}"] }
`,
  'notifications.yaml': `
smtp: { host: 127.0.0.1, port: ${mailPort}, security: none, user: warroom, password: { file: mail.txt }, from: room@example.org, timeout: 1s }
contacts:
  on-call-engineer:
    slackWebhook: "\${SLACK}"
    email: oncall@example.org
    webhook: { url: "\${HOOK}", headers: { X-Token: "\${HOOK_HEADER}", X-File: { file: header.txt } } }
sinks:
  all: { slackWebhook: "\${SLACK}" }
`,
  'watchdog.yaml': `
heartbeat: { url: "\${BEAT}", every: 5s }
`,
});

const environmentOf = ({ world }: Outside): Readonly<Record<string, string>> => ({
  PROM_LOGIN: packed(`scraper:${SECRETS['Prometheus login']}`),
  PROM_HEADER: SECRETS['Prometheus header'],
  ACTION: SECRETS['action header'],
  PROGRAM: SECRETS['program environment'],
  SLACK: `${world.url}/services/T0/B0/${SECRETS['Slack webhook']}`,
  HOOK: `${world.url}/hook?key=${SECRETS['webhook address']}`,
  HOOK_HEADER: SECRETS['webhook header'],
  BEAT: `${world.url}/ping/${SECRETS.heartbeat}`,
});

interface Stage {
  readonly scene: Scene;
  readonly outside: Outside;
  readonly config: string;
  readonly agent: Background;
  readonly room: Terminal;
  /** Runs a command; what it says is kept. */
  readonly warroom: (...args: readonly string[]) => Promise<string>;
}

/** Changes that fail and tell, a world that tells, people who cannot be reached. */
const liveThroughAnIncident = async ({ outside, room, warroom }: Stage): Promise<void> => {
  const { target, program } = outside;
  await warroom('declare', '--service', 'checkout', '--severity', 'sev1', '--title', 'customers cannot pay');
  await room.waitFor('customers cannot pay');
  await warroom('note', '1', GIVEN_AWAY);
  await room.waitFor(GIVEN_AWAY.slice(0, 8));
  expect(await warroom('contain', 'checkout', 'breaker', '--yes')).toContain('cannot: ');
  expect(await warroom('contain', 'checkout', 'flag', '--yes')).toContain('cannot log in with ***');
  target.tell(true);
  await writeFile(`${program}.told`, '');
  expect(await warroom('contain', 'checkout', 'breaker', '--dry-run')).toContain('the answer holds a secret');
  expect(await warroom('contain', 'checkout', 'flag', '--dry-run')).toContain('it printed a secret');
  target.tell(false);
  await warroom('ledger', '--json');
  await warroom('unwind', '1');
  expect(await warroom('notify-test', 'on-call-engineer', '--json')).toMatch(/rejected: 535 [^"]*\*\*\*/);
};

const lookAtEverything = async ({ room }: Stage): Promise<void> => {
  const screens = { v: 'A', o: 'SOURCES', H: 'AGENT', l: 'LEDGER', D: 'ROLES', t: 'newest first', w: 'WHAT' };
  for (const [key, words] of Object.entries(screens)) {
    room.press(key);
    await room.waitFor(words);
    await pause(DEAD_TIME_MS);
    room.press('q');
    await room.waitFor('a ack');
  }
};

/** Configurations that are refused: with a secret where it does not belong, or without one that is gone. */
const refuseConfigurations = async ({ agent, config, outside, warroom }: Stage): Promise<void> => {
  const secret = SECRETS['Slack webhook'];
  const refusals: readonly (readonly [string, string])[] = [
    ['notifications.yaml', `smtp: { password: *${secret} }\n`],
    ['notifications.yaml', `smtp:\n  password: a\n}${secret}: x\n`],
    ['notifications.yaml', `webhook: { url: [${secret}] }\n${IN_CONFIG}: 1\n`],
    ['actions.yaml', `actions: { x: { driver: http, read: { url: "http://u:${secret}@a/" } } }\n`],
    ['services.yaml', `defaults: { prometheus: { url: "\${SLACK}", headers: { A: ["${secret}"] } } }\n`],
    ['notifications.yaml', `slackWebhook: "\${PROGRAM}"\nwebhook: "\${GONE}"\n`],
  ];
  const sound = configurationOf(outside);
  for (const [name, text] of refusals) {
    const before = agent.output().split('refused').length;
    await writeFile(join(config, name), text);
    await until('the configuration to be refused', () => agent.output().split('refused').length > before);
    await warroom('check-config', '--config', config);
    await warroom('check-config', '--config', config, '--json');
    await writeFile(join(config, name), sound[name] ?? '');
  }
  await until('the configuration to be taken again', () => {
    const said = agent.output();
    return said.lastIndexOf('configuration loaded') > said.lastIndexOf('refused');
  });
};

it('no configured secret is in anything that is kept, told, shown, measured or refused', async () => {
  const scene = await openScene();
  const program = join(scene.directory, 'flag.sh');
  await writeFile(program, PROGRAM_THAT_TELLS);
  await chmod(program, 0o755);
  const outside: Outside = {
    world: await mirror(),
    target: await tellingTarget(),
    mailPort: await repeatingMailServer(),
    program,
  };
  const processes = watchProcesses();
  const config = join(scene.directory, 'config');
  await mkdir(config);
  for (const [name, text] of Object.entries(configurationOf(outside))) await writeFile(join(config, name), text);
  const env = environmentOf(outside);
  const start = (): Promise<Background> =>
    scene.start(['agent', '--config', config, '--port', '0'], 'listening on', env);
  const agent = await start();

  const token = (await readFile(join(scene.stateDirectory, 'token'), 'utf8')).trim();
  const { host, port } = JSON.parse(await readFile(join(scene.stateDirectory, 'port'), 'utf8'));
  const wire = await listeningIn({ host, port });
  const address = `http://127.0.0.1:${wire.port}`;
  const through = { WARROOM_URL: address, WARROOM_TOKEN: token };
  // Shown to who asked for it, and to nobody else.
  const bensToken = (await scene.run(['token', 'add', 'ben', '--permission', 'commander'])).stdout.trim();
  expect(bensToken.length).toBeGreaterThan(30);
  const told: string[] = [];
  const run = async (args: readonly string[], its: Readonly<Record<string, string>>): Promise<string> => {
    const { stdout, stderr } = await scene.run(args, 'ana', its);
    told.push(`$ ${args[0]}\n${stdout}${stderr}`);
    return stdout + stderr;
  };
  const warroom: Stage['warroom'] = (...args) => run(args, { ...env, ...through });
  const answers: string[] = [];
  const asks = async (path: string, init: RequestInit = {}): Promise<void> => {
    const answer = await fetch(`${address}${path}`, init);
    answers.push(JSON.stringify([...answer.headers]) + (await answer.text()));
  };

  const room = scene.terminal({ name: 'ana', columns: 160, rows: 45, env: through });
  const lines = scene.terminal({
    name: 'ben',
    columns: 160,
    rows: 45,
    args: ['--plain'],
    env: { ...through, WARROOM_TOKEN: bensToken },
  });
  await room.waitFor('live');
  await lines.waitFor('warroom as ben');
  const stage: Stage = { scene, outside, config, agent, room, warroom };
  await liveThroughAnIncident(stage);
  await lookAtEverything(stage);
  await refuseConfigurations(stage);

  const authorization = `Bearer ${token}`;
  await asks('/api/v1/alerts/generic', { method: 'POST', headers: { authorization }, body: IN_ALERT });
  await asks('/api/v1/alerts/generic', { method: 'POST', headers: { authorization: `${authorization}x` }, body: '{}' });
  await asks('/api/v1/incidents', { headers: { authorization } });
  for (const path of ['/healthz', '/readyz', '/metrics', `/${token}`, `/api/v1/incidents?token=${token}`])
    await asks(path);
  const looks = [
    ['status', '--json'],
    ['status'],
    ['incidents', '--json'],
    ['timeline', '1', '--json'],
    ['summary', '1'],
    ['services', '--json'],
    ['doctor', '--config', config],
    ['doctor', '--config', config, '--json'],
    ['token', 'list', '--json'],
    ['audit', 'verify', '--json'],
  ];
  for (const args of looks) await warroom(...args);
  await run(['status'], { ...through, WARROOM_TOKEN: `${token}x` });
  await run(['status'], { WARROOM_URL: `http://u:${SECRETS.heartbeat}@127.0.0.1:9/`, WARROOM_TOKEN: token });

  lines.press('quit\r');
  await lines.exit;
  room.press('q');
  await room.exit;
  await agent.kill('SIGTERM');
  const again = await start();
  await again.kill('SIGTERM');

  // They were used: there was something to tell.
  const arrived = [...outside.world.seen, ...outside.target.seen].map(repeated).join('\n');
  for (const [name, secret] of Object.entries(SECRETS))
    if (name !== 'program environment' && name !== 'mail password') expect(arrived, name).toContain(secret);

  const places = {
    'the state directory': await filesIn(scene.stateDirectory, ['token']),
    'the log of the agent': agent.output() + again.output(),
    'the wire': wire.heard(),
    'a screen': room.raw(),
    lines: lines.raw(),
    'the command line': told.join('\n'),
    'answers over HTTP': answers.join('\n'),
    'the list of processes': processes(),
  };
  expect(leaksIn(places, { ...SECRETS, 'local token': token, 'token of ben': bensToken })).toEqual([]);

  // All of these places were looked at: what was given away is found in each of them.
  const found = [GIVEN_AWAY, IN_ALERT, IN_CONFIG].flatMap((it) => leaksIn(places, { it }).map(({ place }) => place));
  expect(new Set(found)).toEqual(new Set(Object.keys(places)));
});
