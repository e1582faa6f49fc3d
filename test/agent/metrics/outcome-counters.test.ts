import { describe, expect, it } from 'vitest';
import type { AgentCommand, PersonCommand } from '../../../src/incident/commands.ts';
import { safeText } from '../../../src/incident/text.ts';
import { plusMs, SECOND } from '../../../src/incident/time.ts';
import { contain, evidence, plan, policy, START } from '../../support/room.ts';
import { measuredRoom } from './measured-room.ts';
import { told, valueIn } from './samples.ts';

const INCIDENT = 'INC-2026-0001';
const sinks = { team: { channel: 'slack' as const } };

type Measured = ReturnType<typeof measuredRoom>;

const pagesOf = ({ story }: Measured) => Object.values(story.incident().pages);
const messagesOf = ({ story }: Measured) => Object.values(story.incident().messages);
const reachFirst = ({ story }: Measured): void => {
  const level = story.incident().escalation?.levels[0]?.level ?? '';
  story.agentDoes({ type: 'reach-level', incident: INCIDENT, level });
};

describe('counters of incidents', () => {
  it('count declarations by cause, resolves, reopenings and closes', async () => {
    const room = measuredRoom();
    const { story } = room;
    story.declares(['search'], 'SEV4');
    story.agentDoes({ type: 'report-breach', severity: 'SEV1', evidence: evidence('vault', 'errors-half') });
    story.does('ana', { type: 'resolve', incident: INCIDENT });
    story.does('ana', { type: 'reopen', incident: INCIDENT, reason: safeText('again') });
    story.does('ana', { type: 'resolve', incident: INCIDENT });
    story.does('ana', { type: 'close', incident: INCIDENT, falseAlarm: false, reason: safeText('') });
    story.does('ana', { type: 'close', incident: 'INC-2026-0002', falseAlarm: true, reason: safeText('a test') });
    const samples = await room.samples();
    expect(told(samples, 'warroom_incidents_declared_total')).toEqual({ 'SEV4 person': 1, 'SEV1 rule': 1 });
    expect(told(samples, 'warroom_incidents_resolved_total')).toEqual({ SEV4: 2 });
    expect(told(samples, 'warroom_incidents_reopened_total')).toEqual({ SEV4: 1 });
    expect(told(samples, 'warroom_incidents_closed_total')).toEqual({ 'SEV4 real': 1, 'SEV1 false_alarm': 1 });
  });
});

describe('counters of outcomes', () => {
  it('count every try of a page, and begin at 0', async () => {
    const room = measuredRoom();
    expect(
      valueIn(await room.samples(), 'warroom_pages_total', { channel: 'email', kind: 'page', outcome: 'failed' }),
    ).toBe(0);
    room.story.declares(['checkout'], 'SEV1');
    reachFirst(room);
    const [first, second] = pagesOf(room);
    if (first === undefined || second === undefined) throw new Error('no two pages');
    const failed = (page: string, retryAt: string | null): AgentCommand => ({
      type: 'record-not-sent',
      parcel: { kind: 'page', incident: INCIDENT, page },
      reason: 'timeout',
      retryAt,
      mayHaveArrived: false,
    });
    room.story.agentDoes(failed(first.page, plusMs(START, SECOND)));
    expect(told(await room.samples(), 'warroom_pages_outstanding')).toEqual({ pending: 2, retrying: 1 });
    room.story.agentDoes(failed(first.page, null));
    room.story.agentDoes({
      type: 'record-sent',
      parcel: { kind: 'page', incident: INCIDENT, page: second.page },
      tookMs: 30,
      possibleDuplicate: false,
    });
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    const samples = await room.samples();
    expect(told(samples, 'warroom_pages_total')).toEqual({
      [`${first.channel} page retried`]: 1,
      [`${first.channel} page failed`]: 1,
      [`${second.channel} page sent`]: 1,
      'log page cancelled': 1,
    });
  });

  it('count messages by sink and channel', async () => {
    const room = measuredRoom({ policy: { ...policy, sinks } });
    room.story.declares();
    const message = messagesOf(room)[0]?.message ?? '';
    const parcel = { kind: 'message' as const, incident: INCIDENT, message };
    const not = { type: 'record-not-sent' as const, parcel, reason: 'timeout', mayHaveArrived: false };
    expect(valueIn(await room.samples(), 'warroom_messages_total', { sink: 'team', outcome: 'failed' })).toBe(0);
    room.story.agentDoes({ ...not, retryAt: plusMs(START, SECOND) });
    room.story.agentDoes({ type: 'record-sent', parcel, tookMs: 5, possibleDuplicate: false });
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    const later = messagesOf(room).find((one) => one.message !== message)?.message ?? '';
    room.story.agentDoes({ ...not, parcel: { ...parcel, message: later }, retryAt: null });
    expect(told(await room.samples(), 'warroom_messages_total')).toEqual({
      'team slack retried': 1,
      'team slack sent': 1,
      'team slack failed': 1,
    });
  });

  const containment = (arm: boolean): PersonCommand => ({
    type: 'contain',
    incident: null,
    service: safeText('checkout'),
    name: safeText('circuit-breaker'),
    params: {},
    arm,
  });
  const started = ({ story }: Measured): string => {
    story.does('ana', containment(true));
    const action = 'A1';
    story.agentDoes({ type: 'record-plan', action, plan });
    story.does('ana', { type: 'confirm', action, typed: null });
    story.agentDoes({ type: 'start-action', action });
    return action;
  };
  const endings: readonly (readonly [string, (room: Measured) => void, Readonly<Record<string, number>>])[] = [
    ['applied', ({ story }) => contain(story), { 'circuit-breaker containment applied': 1 }],
    [
      'let go',
      ({ story }) =>
        story.does('ana', { type: 'let-go', action: safeText(contain(story)), reason: safeText('it stays') }),
      { 'circuit-breaker containment applied': 1, 'circuit-breaker containment let_go': 1 },
    ],
    [
      'refused',
      ({ story }) => {
        story.does('ana', containment(false));
        story.agentDoes({ type: 'refuse-plan', action: 'A1', reason: 'unreachable', detail: '', changes: [] });
      },
      { 'circuit-breaker containment refused': 1 },
    ],
    [
      'disarmed',
      ({ story }) => {
        story.does('ana', containment(false));
        story.does('ana', { type: 'disarm', action: safeText('A1') });
      },
      { 'circuit-breaker containment disarmed': 1 },
    ],
    [
      'unknown, then failed',
      (room) => {
        const action = started(room);
        room.story.agentDoes({ type: 'record-unknown', action, detail: '' });
        room.story.agentDoes({ type: 'record-failed', action, reason: 'timeout', detail: '' });
      },
      { 'circuit-breaker containment unknown': 1, 'circuit-breaker containment failed': 1 },
    ],
    [
      'undone',
      ({ story }) => {
        const action = contain(story);
        story.does('ana', { type: 'undo', action: safeText(action), arm: true });
        story.agentDoes({ type: 'record-plan', action: 'A2', plan });
        story.does('ana', { type: 'confirm', action: 'A2', typed: null });
        story.agentDoes({ type: 'start-action', action: 'A2' });
        story.agentDoes({ type: 'record-applied', action: 'A2', errorRatio: null });
      },
      {
        'circuit-breaker containment applied': 1,
        'circuit-breaker containment undone': 1,
        'circuit-breaker undo applied': 1,
      },
    ],
  ];
  it.each(endings)('count an action that was %s', async (_name, tell, expected) => {
    const room = measuredRoom();
    room.story.declares();
    tell(room);
    expect(told(await room.samples(), 'warroom_actions_total')).toEqual(expected);
  });

  it('count nothing of what the room does not know', async () => {
    const room = measuredRoom();
    room.story.declares();
    const [commit] = room.story.commits();
    if (commit === undefined) throw new Error('no commit');
    const events = [
      { type: 'page.sent', incident: INCIDENT, page: '__proto__', tookMs: 1, possibleDuplicate: false },
      { type: 'action.applied', incident: INCIDENT, action: 'constructor', errorRatioBefore: null, expiresAt: null },
      { type: 'message.sent', incident: 'toString', message: 'M1', tookMs: 1, possibleDuplicate: false },
    ] as const;
    room.metrics().observeCommit({ ...commit, events }, room.story.room());
    const samples = await room.samples();
    for (const name of ['warroom_pages_total', 'warroom_actions_total', 'warroom_messages_total']) {
      expect(told(samples, name)).toEqual({});
    }
  });
});
