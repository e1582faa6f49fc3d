import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/incident/commands.ts';
import type { EventOf } from '../../src/incident/events.ts';
import type { Policy } from '../../src/incident/policies/policy.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR } from '../../src/incident/time.ts';
import { alertTold, contain, evidence, plan, policy, type RoomUnderTest, roomUnderTest } from '../support/room.ts';

const ID = 'INC-2026-0001';
const sinks: Policy['sinks'] = { incidents: { channel: 'slack' }, managers: { channel: 'email' } };
const withSinks = (its: Policy['sinks'] = sinks): RoomUnderTest => roomUnderTest({ ...policy, sinks: its });

/** What each sink was to be told, in order. */
const told = (room: RoomUnderTest, sink = 'incidents'): string[] =>
  queued(room)
    .filter((message) => message.sink === sink)
    .map(({ about, text }) => `${about}: ${text}`);

const queued = (room: RoomUnderTest): EventOf<'message.queued'>[] =>
  room
    .commits()
    .flatMap((commit) => commit.events.flatMap((event) => (event.type === 'message.queued' ? [event] : [])));

describe('the sinks', () => {
  it('hear of a whole incident, each news once and in order', () => {
    const room = withSinks();
    room.declares();
    room.does('ana', { type: 'claim-role', incident: ID, role: 'commander' });
    room.does('ana', { type: 'set-severity', incident: ID, severity: 'SEV1', reason: safeText('') });
    room.does('ana', { type: 'set-severity', incident: ID, severity: 'SEV3', reason: safeText('one customer') });
    const action = contain(room);
    room.does('ana', { type: 'undo', action, arm: true });
    room.agentDoes({ type: 'record-plan', action: 'A2', plan });
    room.does('ana', { type: 'confirm', action: 'A2', typed: safeText('checkout') });
    room.agentDoes({ type: 'start-action', action: 'A2' });
    room.agentDoes({ type: 'record-applied', action: 'A2', errorRatio: 0 });
    room.does('ana', { type: 'resolve', incident: ID });
    room.does('ben', { type: 'reopen', incident: ID, reason: safeText('not over') });
    room.does('ana', { type: 'resolve', incident: ID });
    room.does('ana', { type: 'close', incident: ID, falseAlarm: false, reason: safeText('') });
    expect(told(room)).toEqual([
      'declared: SEV2 INC-2026-0001 declared by ana: checkout fails (checkout)',
      'severity: INC-2026-0001 is SEV1 now, was SEV2: checkout fails',
      'severity: INC-2026-0001 is SEV3 now, was SEV1: checkout fails (one customer)',
      'contained: SEV3 INC-2026-0001: circuit-breaker on checkout (A1) is in place',
      'undone: SEV3 INC-2026-0001: circuit-breaker on checkout (A1) is taken back',
      'resolved: SEV3 INC-2026-0001 resolved by ana: checkout fails',
      'reopened: SEV3 INC-2026-0001 reopened by ben: checkout fails',
      'resolved: SEV3 INC-2026-0001 resolved by ana: checkout fails',
      'closed: SEV3 INC-2026-0001 closed by ana: checkout fails',
    ]);
    expect(told(room, 'managers')).toEqual(told(room));
    const ids = queued(room).map((message) => message.message);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(room.incident().messages)).toEqual(ids);
  });

  it('hear of a false alarm as one', () => {
    const room = withSinks();
    room.declares();
    room.does('ana', { type: 'close', incident: ID, falseAlarm: true, reason: safeText('') });
    expect(told(room).at(-1)).toBe('false-alarm: SEV2 INC-2026-0001 closed by ana as a false alarm: checkout fails');
  });

  it('hear of news that come in one commit in their order, each as it then was', () => {
    const room = withSinks();
    room.agentDoes({
      type: 'report-alerts',
      alerts: [
        alertTold('f1', { givenSeverity: 'warning', message: 'slow' }),
        alertTold('s1', { service: 'search', givenSeverity: 'info', message: 'odd' }),
        alertTold('f2', { givenSeverity: 'critical', message: 'down' }),
      ],
    });
    expect(told(room)).toEqual([
      'declared: SEV3 INC-2026-0001 declared by the room: checkout: slow (checkout)',
      'declared: SEV4 INC-2026-0002 declared by the room: search: odd (search)',
      'severity: INC-2026-0001 is SEV1 now, was SEV3: checkout: slow (alert am: down)',
    ]);
    expect(room.commits()).toHaveLength(1);
  });

  it('hear of what goes on and becomes worse in one commit', () => {
    const room = withSinks();
    room.agentDoes({ type: 'report-breach', severity: 'SEV3', evidence: evidence('checkout', 'r') });
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(60_000);
    room.agentDoes({ type: 'report-breach', severity: 'SEV1', evidence: evidence('checkout', 's', room.now()) });
    expect(told(room).slice(2)).toEqual([
      'reopened: SEV3 INC-2026-0001 reopened by the room: checkout: 41 % of requests fail',
      'severity: INC-2026-0001 is SEV1 now, was SEV3: checkout: 41 % of requests fail (checkout: s (errorRatio >= 0.1))',
    ]);
  });

  it('hear of what a silence held once it ends', () => {
    const room = withSinks();
    const silence = {
      type: 'silence',
      services: [safeText('*')],
      startsInMs: 0,
      forMs: HOUR,
      reason: safeText(''),
    } as const;
    room.does('ana', silence);
    room.agentDoes({ type: 'report-alerts', alerts: [alertTold('f1'), alertTold('f2')] });
    expect(queued(room)).toEqual([]);
    room.pass(HOUR);
    room.agentDoes({ type: 'end-silence', silence: 'S1' });
    expect(told(room)).toEqual([
      'declared: SEV1 INC-2026-0001 declared by the room: checkout: too many errors (checkout)',
    ]);
  });

  it.each<[string, (room: RoomUnderTest) => unknown]>([
    ['a note', (room) => room.does('ana', { type: 'add-note', incident: ID, text: safeText('x') })],
    ['an acknowledgement', (room) => room.does('ana', { type: 'acknowledge', incident: ID })],
    ['a role', (room) => room.does('ana', { type: 'claim-role', incident: ID, role: 'scribe' })],
    ['a phase', (room) => room.does('ana', { type: 'enter-phase', incident: ID, phase: 'mitigation' })],
    ['a page', (room) => room.agentDoes({ type: 'reach-level', incident: ID, level: 'sev2/initial' })],
    [
      'one more alert',
      (room) => room.agentDoes({ type: 'report-alerts', alerts: [alertTold('f', { givenSeverity: 'info' })] }),
    ],
  ])('are spared %s', (_what, happens) => {
    const room = withSinks();
    room.declares();
    const before = queued(room).length;
    happens(room);
    expect(queued(room)).toHaveLength(before);
  });

  it('that do not exist hear nothing', () => {
    const room = withSinks({});
    room.declares();
    room.does('ana', { type: 'resolve', incident: ID });
    expect(queued(room)).toEqual([]);
    expect(room.incident().messages).toEqual({});
  });

  it('may have odd names', () => {
    const room = withSinks(
      Object.fromEntries(['constructor', '1', 'a/b', 'ü'].map((name) => [name, { channel: 'slack' }])),
    );
    room.declares();
    room.does('ana', { type: 'resolve', incident: ID });
    expect(Object.keys(room.incident().messages)).toHaveLength(8);
    expect(new Set(queued(room).map((message) => message.sink)).size).toBe(4);
  });
});

describe('what the sinks are told', () => {
  it.each(['\u001b]52;c;cHduZWQ=\u0007x', 'a\u202eb\u0000c\nd', 'x'.repeat(10_000), '<!channel> *b* `c` <@U1> & "q"'])(
    'is one safe line, whatever the title: %j',
    (hostile) => {
      const room = withSinks();
      const command: Command = {
        type: 'declare',
        title: hostile as ReturnType<typeof safeText>,
        services: [safeText('checkout')],
        severity: 'SEV2',
      };
      room.does('a\u001b[2Jna', command);
      const text = queued(room)[0]?.text ?? '';
      expect(text).toBe(safeText(text, 400));
      expect(text.length).toBeLessThanOrEqual(400);
      expect(text).toMatch(/^SEV2 INC-2026-0001 declared by ana: /);
    },
  );
});
