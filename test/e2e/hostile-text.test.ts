// Owns the proof that words from outside stay words: on a real terminal nothing in them is obeyed, and nothing moves the frame.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connectRoom } from '../../src/client/connect.ts';
import { findAgent } from '../../src/client/find-agent.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { untilView } from '../../src/client/until-view.ts';
import { cellsIn, generousCellsOf } from '../support/cells.ts';
import { bodies } from '../support/hostile-entrances.ts';
import { EVERYTHING, HOSTILE_TEXTS, HUGE, payloadIn, steering } from '../support/hostile-texts.ts';
import { framed, type Screen, type Terminal } from '../support/pty.ts';
import { declare, startQuietAgent } from './quiet-agent.ts';
import { all, responder } from './responder.ts';
import { openScene, type Scene } from './scene.ts';

// What the room ever sends besides text: moves, erases, styles, the modes it sets, and the title kept and given back.
const OF_THE_ROOM = /\u001b\[(?:\d*(?:;\d*)*[ABCDEFGHJKm]|\?(?:7|25|1049|2004|2026)[hl]|2[23];2t)/g;
// What the library of the wall sends.
const OF_THE_WALL =
  /\u001b\[(?:\d*(?:;\d*)*[ABCDHJKXdfmr]|\?(?:1|7|12|25|1049)[hl]|\?1;0;0c|!p|4l)|\u001b[=>78]|\u001b\([B0]|[\u000e\u000f]/g;
const OUR_TITLE = /\u001b\]2;([^\u0007\u001b]*)\u001b\\/g;

/** Every byte the terminal got is one of ours or a character to draw; nothing was asked of it; the title is ours. */
const expectUnharmed = (terminal: Terminal, ours: RegExp): void => {
  const left = terminal
    .raw()
    .replaceAll(ours, '')
    .replaceAll(OUR_TITLE, '$1')
    .replaceAll(/\r+\n|\r/g, '\n');
  const bad = steering(left);
  const index = left.search(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(bad, JSON.stringify(left.slice(Math.max(0, index - 60), index + 40))).toBeNull();
  expect(payloadIn(terminal.raw())).toBeNull();
  expect(terminal.demands()).toEqual([]);
  expect(terminal.title()).not.toContain('owned');
};

const columnsOf = (screen: Screen, mark: string): ReadonlySet<number> =>
  new Set(screen.filter((row) => row.includes(mark)).map((row) => cellsIn(row.slice(0, row.indexOf(mark)))));

/** Somebody on the wire who cleans nothing. */
const stranger = async (scene: Scene): Promise<RoomClient> => {
  const client = connectRoom({
    address: () => findAgent({}, scene.stateDirectory),
    name: 'eve\u001b]52;c;c3RvbGVu\u0007\u202e\u009b2J',
  });
  onTestFinished(() => client.close());
  await untilView(client, ({ connection }) => (connection.name === 'live' ? true : null), { withinMs: 10_000 });
  return client;
};

const tell = async (scene: Scene, source: string, body: unknown): Promise<string> => {
  const { url, token } = findAgent({}, scene.stateDirectory);
  const answer = await fetch(`${url}/api/v1/alerts/${source}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return await answer.text();
};

it.each([
  [80, 24],
  [120, 35],
])('hostile words never reach a room of %ix%i as anything but words', async (columns, rows) => {
  const scene = await openScene();
  await startQuietAgent(scene);
  expect(await declare(scene, `payments ${EVERYTHING.replaceAll('\0', '')}`)).toMatchObject({ code: 0, stderr: '' });
  const eve = await stranger(scene);
  eve.looking('room', EVERYTHING.slice(0, 40));
  const ana = responder(scene.terminal({ name: 'ana\u001b[2J\u001b]0;owned-title\u0007支払い', columns, rows }));
  await ana.sees(all('payments', 'SEV2', 'live'));

  for (const [index, { what, text }] of HOSTILE_TEXTS.entries()) {
    const said = await eve.send({
      type: 'add-note',
      incident: 'INC-2026-0001',
      text: `N${index} ${text.slice(0, 5_000)}`,
    });
    expect(said, what).toMatchObject({ ok: true });
    const screen = await ana.sees(new RegExp(`note: N${index} `));
    expect(columnsOf(screen, '│').size, framed(screen)).toBe(1);
    for (const row of screen) expect(cellsIn(row), what).toBeLessThanOrEqual(columns);
  }
  await ana.does('n', 'Note for');
  ana.terminal.paste(`pasted ${EVERYTHING.replaceAll(/\u001b\[201~/g, '')}`);
  await ana.sees(all('Note for', 'before'));
  await ana.does('\r', 'TIMELINE');
  const screens = {
    D: 'ROLES',
    g: 'SERVICES',
    o: 'SOURCES',
    m: 'SILENCE',
    l: 'LEDGER',
    w: 'WHAT HAPPENED',
    H: 'AGENT',
  };
  for (const [key, title] of Object.entries(screens)) {
    await ana.does(key, title);
    await ana.does('q', 'a ack');
  }
  await ana.does('e', 'Title of');
  await ana.does('\u001b', 'a ack');
  expect(ana.terminal.title()).toMatch(/^SEV2 INC-1 payments/);
  ana.terminal.press('q');
  expect(await ana.terminal.exit).toEqual({ code: 0, signal: 0 });
  expectUnharmed(ana.terminal, OF_THE_ROOM);
});

it('hostile alerts, names, arguments and files reach neither the wall, nor lines, nor JSON, nor an error on a terminal', async () => {
  const scene = await openScene();
  const agent = await startQuietAgent(scene);
  await declare(scene, 'customers cannot pay');
  const eve = await stranger(scene);
  const columns = 120;
  const rows = 35;
  const wall = responder(
    scene.terminal({
      name: 'dora',
      columns: 80,
      rows: 24,
      args: ['wall', '--as', `w\u001b[2J${HUGE.slice(0, 9_000)}`],
    }),
  );
  const lines = scene.terminal({ name: 'ben', columns, rows, args: ['--plain'] });
  await wall.sees('customers cannot pay');
  await lines.waitFor('customers cannot pay');

  for (const text of [EVERYTHING, 'before \u001b]0;owned-title and the rest', HUGE]) {
    for (const { source, body } of bodies(text)) {
      const answer = await tell(scene, source.name, body);
      expect(steering(answer), answer).toBeNull();
    }
    // Refused or carried out, the answer is words.
    await eve.send({ type: 'retitle', incident: 'INC-2026-0001', title: text.slice(0, 40_000) });
    await eve.send({ type: 'acknowledge', incident: text.slice(0, 1_000) });
  }
  await eve.send({ type: 'add-note', incident: 'INC-2026-0001', text: 'the last word' });
  await lines.waitFor(() => lines.raw().includes('the last word'));
  await wall.sees('before');

  const hostile = `x\u001b]52;c;c3RvbGVu\u0007\u009b2J\u202e`;
  const directory = join(scene.directory, `config${hostile}`);
  await mkdir(directory);
  await writeFile(join(directory, `${hostile}.yaml`), 'a: 1');
  await writeFile(
    join(directory, 'services.yaml'),
    `services: { "a\\e[2J\\u202e": { core: "\\e]0;owned-title\\a" } }\n"${'\\x9b'}2J": 1\n`,
  );
  const commands: readonly (readonly string[])[] = [
    ['status', '--json'],
    ['incidents', '--json'],
    ['timeline', '1'],
    ['summary', '1'],
    ['ack', hostile],
    ['ack', hostile, '--json'],
    [hostile],
    ['note', '1'],
    ['declare', '--service', hostile, '--severity', hostile, '--title', hostile],
    ['contain', hostile, hostile, '--param', `${hostile}=${hostile}`],
    ['check-config', '--config', directory],
    ['check-config', '--config', directory, '--json'],
    ['doctor', '--config', directory],
    ['status', '--format', 'tmux'],
    ['silence', hostile, '--for', hostile],
    ['notify-test', hostile],
    ['--as', ''],
  ];
  const terminals = commands.map((args) => scene.terminal({ name: hostile, columns, rows, args }));
  const environments = [
    { WARROOM_URL: hostile },
    { WARROOM_TOKEN: hostile },
    { WARROOM_TOKEN_FILE: hostile, WARROOM_URL: 'http://127.0.0.1:9' },
    { WARROOM_STATE_DIR: join(scene.directory, hostile) },
  ];
  for (const env of environments)
    terminals.push(scene.terminal({ name: hostile, columns, rows, args: ['status'], env }));
  // Without a command, errors leave the program by another way.
  for (const env of environments.filter((one) => !('WARROOM_TOKEN' in one)))
    terminals.push(scene.terminal({ name: hostile, columns, rows, env }));
  for (const terminal of terminals) {
    await terminal.exit;
    expect(terminal.raw().trim()).not.toBe('');
    const values = terminal.raw().replaceAll(/c3RvbGVu|owned-title|evil\.example|DECRQSS/g, '');
    expect(steering(values.replaceAll('\r\n', '\n').replaceAll(/\p{M}/gu, '')), JSON.stringify(values)).toBeNull();
    expect(terminal.demands()).toEqual([]);
    expect(terminal.title()).toBe('');
  }

  lines.press('quit\r');
  await lines.exit;
  wall.terminal.press('q');
  await wall.terminal.exit;
  // A plain terminal shows again what is typed, and the wall's library asks once which terminal it is.
  expect(steering(lines.raw().replaceAll(/\r+\n/g, '\n'))).toBeNull();
  expect(payloadIn(lines.raw())).toBeNull();
  expectUnharmed(wall.terminal, OF_THE_WALL);
  expect(steering(agent.output()), agent.output()).toBeNull();
  const metrics = await (await fetch(`${findAgent({}, scene.stateDirectory).url}/metrics`)).text();
  expect(steering(metrics)).toBeNull();
});

it('a terminal that draws some scripts wider than we count keeps its rows apart', async () => {
  const scene = await openScene();
  await startQuietAgent(scene);
  await declare(scene, 'क्षत्रिय भुगतान विफल हो रहा है '.repeat(5));
  const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24, widths: generousCellsOf }));
  await ana.sees(all('SEV2', 'live', 'a ack'));
  await scene.run(['note', '1', 'การชำระเงินทำไม่ได้ กำกำกำ क्षत्रिय '.repeat(10)], 'ben');
  const screen = await ana.sees('note: ');
  expect(screen[0]).toContain('SEV2');
  expect(screen.at(-1)).toContain('a ack');
  ana.terminal.press('q');
  await ana.terminal.exit;
  // What the shell prints next is wrapped again.
  expect(ana.terminal.raw().lastIndexOf('\u001b[?7h')).toBeGreaterThan(ana.terminal.raw().lastIndexOf('\u001b[?7l'));
});

it('a fault of ours is told loudly, and steers nothing', async () => {
  const scene = await openScene();
  await startQuietAgent(scene);
  const fault = join(scene.directory, 'fault.cjs');
  await writeFile(
    fault,
    `const timer = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return;
      clearInterval(timer);
      throw new Error('broken \\u001b]52;c;c3RvbGVu\\u0007\\u009b2J by \\u202e');
    }, 1);`,
  );
  const env = { NODE_OPTIONS: `--require ${fault}` };
  const ana = scene.terminal({ name: 'ana', columns: 120, rows: 35, args: ['--plain'], env });
  expect(await ana.exit).toEqual({ code: 1, signal: 0 });
  expect(ana.raw()).toContain('Error: broken  by');
  expect(steering(ana.raw().replaceAll('\r\n', '\n'))).toBeNull();
  expect(ana.demands()).toEqual([]);
});

it('a request of raw bytes is answered with words of our own alone', async () => {
  const scene = await openScene();
  await startQuietAgent(scene);
  const { hostname, port } = new URL(findAgent({}, scene.stateDirectory).url);
  const token = (await readFile(join(scene.stateDirectory, 'token'), 'utf8')).trim();
  const hostile = '\u009b2J\u202e%1b]52;c;c3RvbGVu%07';
  const requests = [
    `GET /${hostile} HTTP/1.1\r\nHost: x\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nX-${hostile}: ${hostile}\r\n`,
    `${hostile} / HTTP/1.1\r\nHost: x\r\n`,
    `GET /api/v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${hostile}\r\n`,
    `POST /api/v1/alerts/${encodeURIComponent('\u009b2J\u202e\u001b]52;c;c3RvbGVu\u0007')} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Length: 0\r\n`,
    `GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: ${hostile}\r\n`,
  ];
  for (const request of requests) {
    const answer = await exchanged(hostname, Number(port), `${request}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(steering(answer.replaceAll('\r\n', '\n')), answer).toBeNull();
    expect(payloadIn(answer)).toBeNull();
  }
});

const exchanged = (host: string, port: number, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let all = '';
    const socket = connect({ host, port }, () => socket.write(bytes, 'latin1'));
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      all += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(all));
  });
