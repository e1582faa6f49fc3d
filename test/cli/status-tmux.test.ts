import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tmuxLine } from '../../src/cli/status-tmux.ts';
import { known, unknown } from '../../src/incident/signals.ts';
import { HOUR, MINUTE } from '../../src/incident/time.ts';
import { widthOf } from '../../src/tui/width.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { check, type FakeRoom, fakeRoom } from '../support/fake-room-client.ts';
import { arm, calmRoom, commandedRoom, failingRoom, INCIDENT, severalRoom } from '../support/rooms-to-look-at.ts';
import { jsonOf, run } from './command-line.ts';

const lineOf = (room: FakeRoom): string => tmuxLine(room.view(), room.now());

/** The cells tmux shows: without its styles, each doubled `#` as one. */
const shown = (line: string): string => line.replace(/##|#\[[^\]]*\]/g, (found) => (found === '##' ? '#' : ''));

const changed = (room: FakeRoom, change: (room: FakeRoom) => void): FakeRoom => {
  change(room);
  room.changed();
  return room;
};

const onlyService = (room: FakeRoom, name: string): void =>
  room.with({ policy: { ...room.view().policy, services: {} }, signals: { [name]: room.view().signals.checkout! } });

describe('the line for a status bar', () => {
  it.each([
    ['nothing is wrong', () => calmRoom(), 'warroom ok'],
    ['an incident', () => failingRoom(), '#[fg=yellow,bold]SEV2 INC-1 checkout 00:02 NO COMMANDER#[default]'],
    ['its commander', () => commandedRoom(), '#[fg=yellow,bold]SEV2 INC-1 checkout 00:02 IC ana#[default]'],
    ['the worst of several', () => severalRoom(), '#[fg=red,bold]SEV1 INC-3 vault 00:00 NO COMMANDER +2#[default]'],
    [
      'something armed',
      () => changed(commandedRoom(), (room) => void arm(room, 'circuit-breaker')),
      '#[fg=yellow,bold]SEV2 INC-1 checkout 00:02 IC ana ARMED A1#[default]',
    ],
    [
      'hours',
      () => changed(commandedRoom(), ({ story }) => story.pass(25 * HOUR + 10 * MINUTE)),
      '#[fg=yellow,bold]SEV2 INC-1 checkout 25:12 IC ana#[default]',
    ],
    [
      'an incident that is resolved and not closed',
      () =>
        changed(commandedRoom(), (room) => {
          room.story.does('ana', { type: 'resolve', incident: INCIDENT });
          room.reads('checkout', known(0.001));
          room.checks('checkout', []);
        }),
      '#[fg=yellow]warroom 1 not closed#[default]',
    ],
    [
      'a number above its limit',
      () => changed(calmRoom(), (room) => room.reads('checkout', known(0.021))),
      '#[fg=yellow]warroom checkout 2.1 %#[default]',
    ],
    [
      'a check that fails',
      () =>
        changed(calmRoom(), (room) =>
          room.checks('payments', [check('payments', 'http', 'down', { since: room.story.now() })]),
        ),
      '#[fg=yellow]warroom payments http down#[default]',
    ],
    [
      'a number that is not known',
      () => changed(calmRoom(), (room) => room.reads('checkout', unknown('stale'))),
      '#[fg=yellow]warroom 1 of 4 unknown#[default]',
    ],
    [
      'a service nobody asks',
      () => changed(calmRoom(), (room) => room.reads('checkout', unknown('idle'))),
      'warroom ok',
    ],
    ['nothing measured', () => fakeRoom(), '#[fg=yellow]warroom 4 of 4 unknown#[default]'],
    [
      'nothing watched',
      () => changed(fakeRoom(), (room) => room.with({ policy: { ...room.view().policy, services: {} } })),
      '#[fg=yellow]warroom watches nothing#[default]',
    ],
    [
      'an agent that keeps nothing',
      () => changed(calmRoom(), (room) => room.with({ agent: { ...room.view().agent!, writable: false } })),
      '#[fg=red]warroom READ-ONLY#[default]',
    ],
    [
      'the same, in an incident',
      () => changed(failingRoom(), (room) => room.with({ agent: { ...room.view().agent!, writable: false } })),
      '#[fg=yellow,bold]SEV2 INC-1 checkout 00:02 NO COMMANDER READ-ONLY#[default]',
    ],
  ])('says %s', (_, room, line) => {
    expect(lineOf(room())).toBe(line);
  });

  it.each([
    ['a style', '#[bg=red]shop', '##[bg=red]shop'],
    ['a command', '#(touch /tmp/x)', '##(touch /tmp/x)'],
    ['a format', '#{pane_pid}', '##{pane_pid}'],
    ['an escape', 'shop\u001b[2J\u0007', 'shop'],
    ['a line end', 'shop\nshop', 'shop shop'],
  ])('hands tmux nothing it would obey: %s', (_, name, written) => {
    const room = calmRoom();
    room.reads('checkout', unknown('stale'));
    onlyService(room, name);
    room.checks(name, [check(name, name, 'down', { since: room.story.now() })]);
    const line = lineOf(room);
    expect(line).toContain(`warroom ${written} `);
    expect(line.replaceAll('##', '').match(/#./g)).toEqual(['#[', '#[']);
    expect(line).not.toMatch(/[\u0000-\u001f]/);
  });

  it.each(['x'.repeat(300), '漢'.repeat(300), '#'.repeat(300), '#[fg=red]'.repeat(30)])(
    'has at most sixty cells: %#',
    (long) => {
      const room = severalRoom();
      room.story.does('ana', { type: 'claim-role', incident: 'INC-2026-0003', role: 'commander' });
      room.changed();
      const { incidents } = room.view().room;
      const worst = { ...incidents['INC-2026-0003']!, services: [long, 'b'] };
      const roles = { ...worst.roles, commander: { person: long, since: worst.declaredAt } };
      const its = { ...room.view().room, incidents: { ...incidents, [worst.id]: { ...worst, roles } } };
      room.with({ room: its, agent: { ...room.view().agent!, writable: false } });
      const line = lineOf(room);
      expect(widthOf(shown(line))).toBeLessThanOrEqual(60);
      expect(line).toMatch(/^#\[fg=red,bold\].* \+2 READ-ONLY#\[default\]$/);
    },
  );
});

describe('warroom status --format', () => {
  let agent: AgentUnderTest;
  beforeAll(async () => {
    agent = await agentUnderTest();
  });
  afterAll(() => agent.clear());

  it('tmux is one line', async () => {
    const { exit, stdout, stderr } = await run(['status', '--format', 'tmux'], agent.env);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe('#[fg=yellow]warroom 3 of 3 unknown#[default]\n');
    await run(['declare', '--service', 'checkout', '--title', 'down', '--severity', 'sev1'], agent.env);
    const { stdout: bad } = await run(['status', '--format', 'tmux'], agent.env);
    expect(bad).toBe('#[fg=red,bold]SEV1 INC-1 checkout 00:00 NO COMMANDER#[default]\n');
  });

  it('json is what --json is, plain is what there is without it', async () => {
    const shape = jsonOf(await run(['status', '--format', 'json'], agent.env));
    expect(Object.keys(shape)).toEqual(Object.keys(jsonOf(await run(['status', '--json'], agent.env))));
    const { stdout } = await run(['status', '--format', 'plain'], agent.env);
    expect(stdout).toMatch(/^agent test, up /);
  });

  it('refuses what it does not know', async () => {
    const { exit, stderr } = await run(['status', '--format', 'screen'], agent.env);
    expect(exit).toBe(2);
    expect(stderr).toContain('plain, json, tmux');
  });

  it.each([
    ['no agent', { WARROOM_STATE_DIR: '/nowhere' }],
    ['one that will not have us', { WARROOM_TOKEN: 'wrong' }],
  ])('tmux still shows one line with %s, and ends with 4', async (_, env) => {
    const { exit, stdout } = await run(['status', '--format', 'tmux'], { ...agent.env, ...env });
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '#[fg=red]warroom ?#[default]\n' });
  });

  it('tmux is not kept waiting by an agent that hangs', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const startedMs = performance.now();
    const env = { WARROOM_URL: `http://127.0.0.1:${port}`, WARROOM_TOKEN: 'x', USER: 'ana' };
    const { exit, stdout } = await run(['status', '--format', 'tmux'], env);
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '#[fg=red]warroom ?#[default]\n' });
    expect(performance.now() - startedMs).toBeLessThan(4_500);
    silent.close();
  });
});
