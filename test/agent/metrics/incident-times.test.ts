import { describe, expect, it } from 'vitest';
import type { PersonCommand } from '../../../src/incident/commands.ts';
import { safeText } from '../../../src/incident/text.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/incident/time.ts';
import { contain, evidence, person, plan, type roomUnderTest } from '../../support/room.ts';
import { measuredRoom } from './measured-room.ts';
import { valueIn } from './samples.ts';

const INCIDENT = 'INC-2026-0001';
const acknowledge: PersonCommand = { type: 'acknowledge', incident: INCIDENT };
const resolve: PersonCommand = { type: 'resolve', incident: INCIDENT };
const reopen: PersonCommand = { type: 'reopen', incident: INCIDENT, reason: safeText('it is back') };
const close: PersonCommand = { type: 'close', incident: INCIDENT, falseAlarm: false, reason: safeText('') };
const falseAlarm: PersonCommand = { ...close, falseAlarm: true };

const containment: PersonCommand = {
  type: 'contain',
  incident: null,
  service: safeText('checkout'),
  name: safeText('circuit-breaker'),
  params: {},
  arm: true,
};

type Story = ReturnType<typeof roomUnderTest>;

/** Takes action `id` back, all the way. */
const undo = (story: Story, id: string): void => {
  const requested = story.does('ana', { type: 'undo', action: safeText(id), arm: true })[0];
  const action = requested?.type === 'action.requested' ? requested.action : '';
  story.agentDoes({ type: 'record-plan', action, plan });
  story.does('ana', { type: 'confirm', action, typed: safeText('checkout') });
  story.agentDoes({ type: 'start-action', action });
  story.agentDoes({ type: 'record-applied', action, errorRatio: 0.01 });
};

interface Times {
  /** Seconds of each recorded time, and how many were recorded. */
  readonly acknowledge: readonly [sum: number, count: number];
  readonly contain: readonly [sum: number, count: number];
  readonly resolve: readonly [sum: number, count: number];
}

const none = [0, 0] as const;

const stories: readonly (readonly [string, (story: Story) => void, Partial<Times>])[] = [
  [
    'all three of an incident that a person declared',
    (story) => {
      story.declares();
      story.pass(2 * MINUTE);
      story.does('ben', acknowledge);
      story.pass(3 * MINUTE);
      undo(story, contain(story));
      story.pass(HOUR);
      story.does('ana', resolve);
      story.pass(HOUR);
      story.does('ana', close);
    },
    { acknowledge: [120, 1], contain: [300, 1], resolve: [3_900, 1] },
  ],
  [
    'acknowledging from the moment the rule began to hold, the others from the declaration',
    (story) => {
      story.pass(10 * SECOND);
      story.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') });
      story.pass(50 * SECOND);
      story.does('ben', acknowledge);
      story.does('ben', resolve);
      story.does('ben', close);
    },
    { acknowledge: [60, 1], resolve: [50, 1] },
  ],
  [
    'the first acknowledgement, and the first containment',
    (story) => {
      story.declares();
      story.pass(MINUTE);
      story.does('ben', acknowledge);
      const first = contain(story);
      story.pass(MINUTE);
      story.does('ana', acknowledge);
      undo(story, first);
      undo(story, contain(story));
      story.does('ana', resolve);
      story.does('ana', close);
    },
    { acknowledge: [60, 1], contain: [60, 1], resolve: [120, 1] },
  ],
  [
    'no undo as a containment, where nobody knows whether there was one',
    (story) => {
      story.declares();
      story.does('ana', containment);
      story.agentDoes({ type: 'record-plan', action: 'A1', plan });
      story.does('ana', { type: 'confirm', action: 'A1', typed: null });
      story.agentDoes({ type: 'start-action', action: 'A1' });
      story.agentDoes({ type: 'record-unknown', action: 'A1', detail: '' });
      undo(story, 'A1');
      story.pass(MINUTE);
      story.does('ana', resolve);
      story.does('ana', close);
    },
    { resolve: [60, 1] },
  ],
  [
    'nothing before the close',
    (story) => {
      story.declares();
      story.does('ben', acknowledge);
      undo(story, contain(story));
      story.does('ana', resolve);
    },
    {},
  ],
  [
    'nothing of what never happened',
    (story) => {
      story.declares();
      story.pass(MINUTE);
      story.does('ana', resolve);
      story.does('ana', close);
    },
    { resolve: [60, 1] },
  ],
  [
    'nothing of a false alarm',
    (story) => {
      story.declares();
      story.pass(MINUTE);
      story.does('ben', acknowledge);
      story.does('ben', falseAlarm);
    },
    {},
  ],
  [
    'nothing of a false alarm that was found out after the resolve',
    (story) => {
      story.declares();
      story.does('ben', acknowledge);
      story.does('ben', resolve);
      story.does('ben', falseAlarm);
    },
    {},
  ],
  [
    'the run to the last resolve of an incident that was reopened',
    (story) => {
      story.declares();
      story.pass(MINUTE);
      story.does('ben', acknowledge);
      story.does('ben', resolve);
      story.pass(10 * MINUTE);
      story.does('ben', reopen);
      story.pass(MINUTE);
      story.does('ana', acknowledge);
      story.does('ben', resolve);
      story.does('ben', close);
    },
    { acknowledge: [60, 1], resolve: [720, 1] },
  ],
  [
    'after a reopened close only what came since',
    (story) => {
      story.declares();
      story.pass(MINUTE);
      story.does('ben', acknowledge);
      story.does('ben', resolve);
      story.does('ben', close);
      story.pass(10 * MINUTE);
      story.does('ben', reopen);
      story.does('ana', acknowledge);
      undo(story, contain(story));
      story.does('ben', resolve);
      story.does('ben', close);
    },
    { acknowledge: [60, 1], contain: [660, 1], resolve: [60 + 660, 2] },
  ],
  [
    'everything of what was taken for a false alarm and was none',
    (story) => {
      story.declares();
      story.pass(MINUTE);
      story.does('ben', acknowledge);
      story.does('ben', falseAlarm);
      story.pass(MINUTE);
      story.does('ben', reopen);
      story.does('ben', resolve);
      story.does('ben', close);
    },
    { acknowledge: [60, 1], resolve: [120, 1] },
  ],
];

describe('the times of an incident', () => {
  it.each(stories)('record %s', async (_name, tell, expected) => {
    const room = measuredRoom();
    tell(room.story);
    const samples = await room.samples();
    for (const stretch of ['acknowledge', 'contain', 'resolve'] as const) {
      const name = `warroom_incident_time_to_${stretch}_seconds`;
      const found = [
        valueIn(samples, `${name}_sum`, { severity: 'SEV2' }),
        valueIn(samples, `${name}_count`, { severity: 'SEV2' }),
      ];
      expect({ [stretch]: found }).toEqual({ [stretch]: expected[stretch] ?? none });
    }
  });

  it('are recorded under the last severity', async () => {
    const { story, samples } = measuredRoom();
    story.declares();
    story.does('ana', { type: 'set-severity', incident: INCIDENT, severity: 'SEV1', reason: safeText('worse') });
    story.pass(31 * SECOND);
    story.does('ana', resolve);
    story.does('ana', close);
    const found = await samples();
    const name = 'warroom_incident_time_to_resolve_seconds_bucket';
    expect(valueIn(found, name, { severity: 'SEV1', le: '30' })).toBe(0);
    expect(valueIn(found, name, { severity: 'SEV1', le: '60' })).toBe(1);
    expect(valueIn(found, name, { severity: 'SEV1', le: '86400' })).toBe(1);
    expect(valueIn(found, name, { severity: 'SEV2', le: '+Inf' })).toBe(0);
  });

  it('are told apart, and not recorded, where the clock went back in between', async () => {
    const { story, samples } = measuredRoom();
    story.declares();
    story.pass(-MINUTE);
    story.does('ana', acknowledge);
    story.pass(2 * MINUTE);
    story.does('ana', resolve);
    story.does('ana', close);
    const found = await samples();
    expect(valueIn(found, 'warroom_incident_times_invalid_total', { time: 'acknowledge' })).toBe(1);
    expect(valueIn(found, 'warroom_incident_time_to_acknowledge_seconds_count', { severity: 'SEV2' })).toBe(0);
    expect(valueIn(found, 'warroom_incident_time_to_resolve_seconds_sum', { severity: 'SEV2' })).toBe(60);
  });

  it('are what the clock showed then, where it was set back later', async () => {
    const { story, samples } = measuredRoom();
    story.declares();
    story.pass(MINUTE);
    story.does('ana', acknowledge);
    story.pass(-60 * MINUTE);
    story.agentDoes({ type: 'note-clock-jump', byMs: -60 * MINUTE });
    story.does('ana', resolve);
    story.does('ana', close);
    const found = await samples();
    expect(valueIn(found, 'warroom_incident_time_to_acknowledge_seconds_sum', { severity: 'SEV2' })).toBe(60);
    expect(valueIn(found, 'warroom_incident_times_invalid_total', { time: 'resolve' })).toBe(1);
  });

  it('come to nothing where a moment cannot be read', async () => {
    const { story, metrics } = measuredRoom();
    story.declares();
    story.does('ana', resolve);
    story.does('ana', close);
    const timeline = story
      .incident()
      .timeline.map((entry, index) => (index === 0 ? { ...entry, at: 'yesterday' } : entry));
    const incident = { ...story.incident(), timeline };
    const last = story.commits().at(-1);
    if (last === undefined) throw new Error('no commit');
    expect(() => metrics().observeCommit(last, { ...story.room(), incidents: { [INCIDENT]: incident } })).not.toThrow();
    const text = await metrics().text();
    expect(text).toMatch(/warroom_incident_time_to_resolve_seconds_count\{severity="SEV2"\} 0/);
  });

  it('do not count what the agent does by itself as an acknowledgement', async () => {
    const { story, metrics } = measuredRoom();
    story.declares();
    story.pass(MINUTE);
    story.does('ana', acknowledge);
    story.does('ana', resolve);
    story.does('ana', close);
    const machine = { ...person('room'), kind: 'agent' as const };
    const timeline = story
      .incident()
      .timeline.map((entry) => (entry.event.type === 'incident.acknowledged' ? { ...entry, actor: machine } : entry));
    const last = story.commits().at(-1);
    if (last === undefined) throw new Error('no commit');
    metrics().observeCommit(last, {
      ...story.room(),
      incidents: { [INCIDENT]: { ...story.incident(), timeline } },
    });
    const text = await metrics().text();
    expect(text).toMatch(/warroom_incident_time_to_acknowledge_seconds_count\{severity="SEV2"\} 0/);
    expect(text).toMatch(/warroom_incident_time_to_resolve_seconds_count\{severity="SEV2"\} 1/);
  });
});
