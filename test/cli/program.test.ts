import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRoom } from '../../src/cli/with-room.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { jsonOf, run } from './command-line.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');

describe('help', () => {
  it('names every command, every variable and every exit code', async () => {
    const { exit, stdout } = await run(['--help'], {});
    expect(exit).toBe(0);
    const commands =
      'room demo agent check-config status ledger timeline declare alert ack note role severity phase correct-note title services resolve reopen close contain undo let-go';
    for (const command of commands.split(' ')) expect(stdout).toMatch(new RegExp(`^  ${command}\\b.*\\w{3}`, 'm'));
    for (const name of ['URL', 'TOKEN', 'TOKEN_FILE', 'STATE_DIR', 'CONFIG_DIR', 'NAME']) {
      expect(stdout).toContain(`WARROOM_${name} `);
    }
    for (const code of ['0  done', '1  failed', '2  usage', '3  refused', '4  agent unreachable']) {
      expect(stdout).toContain(code);
    }
  });

  it('has one file for each command', async () => {
    const files = await readdir(resolve(import.meta.dirname, '../../src/cli'));
    const { stdout } = await run(['--help'], {});
    const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]*)\b/gm)]
      .map((match) => match[1])
      .filter((name) => name !== 'help');
    expect(commands.filter((name) => !files.includes(`${name}.ts`))).toEqual([]);
    expect(commands.length).toBeGreaterThan(20);
  });

  it('of one command says what it takes', async () => {
    const asked = await run(['contain', '--help'], {});
    expect(asked.exit).toBe(0);
    for (const option of ['--param', '--dry-run', '--yes', '--incident', '--json', '--as']) {
      expect(asked.stdout).toContain(option);
    }
    expect((await run(['help', 'contain'], {})).stdout).toBe(asked.stdout);
  });

  it('answers the version', async () => {
    expect(await run(['--version'], {})).toEqual({ exit: 0, stdout: 'from source\n', stderr: '' });
  });
});

describe('bad usage', () => {
  it.each([
    [['stauts'], "unknown command 'stauts'", 'Did you mean status?'],
    [['status', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['status', 'everything'], 'too many arguments', ''],
    [['ack'], "missing required argument 'INC'", ''],
    [['declare', '--title', 'x'], '--service', ''],
    [['declare', '--service', 'a', '--title', 'x', '--severity', 'SEV9'], 'SEV1, SEV2, SEV3, SEV4', ''],
    [['severity', '1', 'bad'], 'SEV1, SEV2, SEV3, SEV4', ''],
    [['role', '1', 'king'], 'commander, tech, comms, scribe, on-call', ''],
    [['phase', '1', 'closed'], 'Use `warroom close`', ''],
    [['phase', '1', 'panic'], 'triage, containment, mitigation, recovery', ''],
    [['contain', 'a', 'b', '--param', 'novalue'], 'name=value', ''],
    [['contain', 'a', 'b', '--param', 'n=1', '--param', 'n=2'], 'given twice', ''],
    [['agent', '--port', '70000'], '0 to 65535', ''],
    [['demo', '--scenario', 'doom'], 'bad-deploy', ''],
    [[], 'Usage: warroom', ''],
  ])('%j ends with 2 and a sentence', async (args, sentence, hint) => {
    const { exit, stdout, stderr } = await run(args, {});
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(hint);
  });

  it('is told as JSON where JSON was asked for', async () => {
    const ended = await run(['phase', '1', 'panic', '--json'], {});
    expect(ended.exit).toBe(2);
    expect(jsonOf(ended)).toMatchObject({ ok: false, error: { code: 'bad-usage' } });
  });

  it('repeats no control sequence of its own arguments', async () => {
    const { stderr } = await run(['\u001b]0;evil\u0007\u001b[2Jxx'], {});
    expect(stderr).not.toContain('\u001b');
  });
});

describe('without an agent', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'warroom-none-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each([['status'], ['ledger'], ['ack', '1'], ['contain', 'a', 'b', '--yes'], ['timeline', '1']])(
    '%s ends with 4 and says how to start one',
    async (...args) => {
      const { exit, stdout, stderr } = await run(args, { WARROOM_STATE_DIR: directory, USER: 'ana' });
      expect(exit).toBe(4);
      expect(stdout).toBe('');
      expect(stderr).toContain('warroom agent');
    },
  );

  it('says so as JSON too', async () => {
    const ended = await run(['status', '--json'], { WARROOM_STATE_DIR: directory, USER: 'ana' });
    expect(ended.exit).toBe(4);
    expect(jsonOf(ended)).toMatchObject({ ok: false, error: { code: 'no-agent' } });
  });

  it('gives up on an address where nobody answers, and tells no password', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const env = { WARROOM_URL: `http://ana:s3cr3t@127.0.0.1:${port}`, WARROOM_TOKEN: 'x', USER: 'ana' };
    const visit = withRoom({ env }, { liveWithinMs: 200 }, async () => 0);
    const error = await visit.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'no-agent', message: `the agent at 127.0.0.1:${port} does not answer` });
    silent.close();
  });

  it('takes an address that is none for a slip', async () => {
    const ended = await run(['status'], { WARROOM_URL: 'not an address', WARROOM_TOKEN: 'x', USER: 'ana' });
    expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining('WARROOM_URL') });
  });
});

describe('with an agent', () => {
  let agent: AgentUnderTest;
  beforeAll(async () => {
    agent = await agentUnderTest();
  });
  afterAll(() => agent.clear());

  it("a wrong token ends with 4 and the agent's own words", async () => {
    const ended = await run(['status'], { ...agent.env, WARROOM_TOKEN: 'wrong' });
    expect(ended).toMatchObject({ exit: 4, stderr: expect.stringContaining('the token is not accepted') });
  });

  it('address and token may come from the environment alone', async () => {
    const env = {
      WARROOM_URL: agent.url,
      WARROOM_TOKEN_FILE: join(agent.stateDirectory, 'token'),
      WARROOM_STATE_DIR: '/nowhere',
    };
    expect(await run(['status'], { ...env, USER: 'ana' })).toMatchObject({ exit: 0, stderr: '' });
  });

  it('a name of nothing but control characters is no name', async () => {
    expect(await run(['status', '--as', '\u001b[31m'], agent.env)).toMatchObject({ exit: 2 });
  });
});

describe('check-config', () => {
  it('prints the schema of one file for an editor, and lists the files when it is another', async () => {
    const schema = jsonOf(await run(['check-config', '--schema', 'services.yaml'], {}));
    expect(schema).toMatchObject({ type: 'object', properties: { services: {}, defaults: {} } });
    const wrong = await run(['check-config', '--schema', '__proto__'], {});
    expect(wrong).toMatchObject({ exit: 2, stderr: expect.stringContaining('files: ') });
  });

  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'warroom-config-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('counts what a sound configuration holds', async () => {
    await writeFile(join(directory, 'services.yaml'), 'services: { checkout: {}, payments: {} }\n');
    const said = await run(['check-config', '--config', directory], {});
    expect(said).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^ok: 2 services, 0 actions, /) });
    const ended = await run(['check-config', '--json'], { WARROOM_CONFIG_DIR: directory });
    expect(jsonOf(ended)).toMatchObject({ ok: true, directory, services: 2, actions: 0 });
  });

  it('lists the problems with their places, and ends with 2', async () => {
    await writeFile(join(directory, 'services.yaml'), 'services:\n  checkout:\n    core: maybe\n');
    const { exit, stdout, stderr } = await run(['check-config', '--config', directory], {});
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('services.yaml:3:11 services.checkout.core');
  });
});

describe('as a process', () => {
  it('ends quietly when its reader leaves', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });

  it('writes to the streams of the process when it is given no others', async () => {
    const child = spawn(process.execPath, [MAIN, 'stauts'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    expect(said).toContain('Did you mean status?');
  });
});
