import { describe, expect, it } from 'vitest';
import { safeText } from '../../../src/incident/text.ts';
import { MINUTE } from '../../../src/incident/time.ts';
import { contain, policy, START } from '../../support/room.ts';
import { measuredRoom } from './measured-room.ts';
import { told, valueIn } from './samples.ts';

const INCIDENT = 'INC-2026-0001';
const sinks = { team: { channel: 'slack' as const } };

type Measured = ReturnType<typeof measuredRoom>;

const messagesOf = ({ story }: Measured) => Object.values(story.incident().messages);
const reachFirst = ({ story }: Measured): void => {
  const level = story.incident().escalation?.levels[0]?.level ?? '';
  story.agentDoes({ type: 'reach-level', incident: INCIDENT, level });
};

describe('gauges of the room', () => {
  it('tell what is open, what is missing and what is in place', async () => {
    const room = measuredRoom();
    room.story.declares(['checkout'], 'SEV1');
    room.story.declares(['search'], 'SEV3');
    room.story.declares(['vault'], 'SEV2');
    room.story.does('ben', { type: 'acknowledge', incident: 'INC-2026-0003' });
    room.story.does('ben', { type: 'claim-role', incident: 'INC-2026-0003', role: 'commander' });
    room.story.does('ben', { type: 'resolve', incident: 'INC-2026-0002' });
    contain(room.story);
    const samples = await room.samples();
    expect(told(samples, 'warroom_incidents')).toEqual({
      'SEV1 containment': 1,
      'SEV2 triage': 1,
      'SEV3 resolved': 1,
    });
    expect(told(samples, 'warroom_incidents_without_commander')).toEqual({ SEV1: 1 });
    expect(told(samples, 'warroom_incidents_unacknowledged')).toEqual({ SEV1: 1 });
    expect(told(samples, 'warroom_containments_in_place')).toEqual({ applied: 1 });
    expect(valueIn(samples, 'warroom_incidents', { severity: 'SEV2', phase: 'triage' })).toBe(1);
    expect(valueIn(samples, 'warroom_incidents', { severity: 'SEV4', phase: 'triage' })).toBe(0);
  });

  it('take an acknowledgement away that has run out', async () => {
    const room = measuredRoom();
    room.story.declares();
    room.story.does('ben', { type: 'acknowledge', incident: INCIDENT });
    expect(told(await room.samples(), 'warroom_incidents_unacknowledged')).toEqual({});
    room.story.pass(31 * MINUTE);
    room.story.agentDoes({ type: 'expire-acknowledgement', incident: INCIDENT });
    expect(told(await room.samples(), 'warroom_incidents_unacknowledged')).toEqual({ SEV2: 1 });
  });

  it('are right at once after a restart, when all that was counted is forgotten', async () => {
    const room = measuredRoom();
    room.story.declares();
    reachFirst(room);
    expect(told(await room.samples(), 'warroom_incidents_declared_total')).toEqual({ 'SEV2 person': 1 });
    room.restart();
    const samples = await room.samples();
    expect(told(samples, 'warroom_incidents_declared_total')).toEqual({});
    expect(told(samples, 'warroom_incidents')).toEqual({ 'SEV2 triage': 1 });
    expect(told(samples, 'warroom_pages_outstanding')).toEqual({ pending: 2 });
  });

  it('tell of messages of a closed incident that are still on their way', async () => {
    const room = measuredRoom({ policy: { ...policy, sinks } });
    room.story.declares();
    room.story.does('ana', { type: 'close', incident: INCIDENT, falseAlarm: true, reason: safeText('a drill') });
    const samples = await room.samples();
    expect(told(samples, 'warroom_incidents')).toEqual({});
    expect(valueIn(samples, 'warroom_messages_outstanding', { state: 'pending' })).toBe(messagesOf(room).length);
    expect(messagesOf(room).length).toBeGreaterThan(0);
  });

  it('tell of the agent', async () => {
    let writable = true;
    const room = measuredRoom({ clients: () => 7, writable: () => writable });
    let samples = await room.samples();
    expect(told(samples, 'warroom_build_info')).toEqual({ '1.2.3': 1 });
    expect(valueIn(samples, 'warroom_clients')).toBe(7);
    expect(valueIn(samples, 'warroom_start_time_seconds')).toBe(Date.parse(START) / 1_000);
    expect(valueIn(samples, 'warroom_log_writable')).toBe(1);
    expect(valueIn(samples, 'warroom_configuration_refused')).toBe(0);
    expect(valueIn(samples, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);

    writable = false;
    room.story.agentDoes({ type: 'note-configuration', problem: 'services.yaml: line 3' });
    samples = await room.samples();
    expect(valueIn(samples, 'warroom_log_writable')).toBe(0);
    expect(valueIn(samples, 'warroom_configuration_refused')).toBe(1);
  });
});
