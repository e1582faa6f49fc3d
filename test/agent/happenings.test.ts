import { expect, it } from 'vitest';
import { agentLogTo, type LogLine } from '../../src/agent/agent-log.ts';
import { tellHappenings } from '../../src/agent/happenings.ts';
import type { IncidentEvent } from '../../src/incident/events.ts';
import { safeText } from '../../src/incident/text.ts';

const incident = 'INC-2026-0042' as const;
const at = '2026-11-22T03:15:00.000Z';

const told = (...events: readonly IncidentEvent[]): readonly unknown[] => {
  const lines: LogLine[] = [];
  tellHappenings(
    agentLogTo((line) => lines.push(line)),
    { seq: 7, events },
  );
  return lines.map(({ level, msg, fields }) => [level, msg, fields]);
};

const failed = (retryAt: string | null): IncidentEvent => ({
  type: 'page.failed',
  incident,
  page: 'INC-2026-0042/sev1/initial/1/ana/slack',
  reason: safeText('timeout'),
  retryAt,
  mayHaveArrived: false,
});

it('what somebody looks for in a log is a line, with the ids to find it by', () => {
  expect(
    told({
      type: 'severity.raised',
      incident,
      from: 'SEV2',
      to: 'SEV1',
      reason: safeText('worse'),
      evidence: null,
      pinned: false,
    }),
  ).toEqual([['info', 'severity.raised', { incident, seq: 7 }]]);
  const page = 'INC-2026-0042/sev1/initial/1/ana/slack';
  expect(told(failed(at), failed(null))).toEqual([
    ['warn', 'page.failed', { incident, page, seq: 7 }],
    ['error', 'page.failed', { incident, page, seq: 7 }],
  ]);
});

it('nothing that anybody said is in it', () => {
  const secret = safeText('the attacker reads our mail');
  const lines = told(
    { type: 'note.added', incident, note: 'N1', text: secret },
    { type: 'incident.retitled', incident, title: secret },
    { type: 'incident.closed', incident, falseAlarm: false, reason: secret },
    { type: 'incident.reopened', incident, reason: secret },
  );
  expect(lines).toEqual([
    ['info', 'incident.closed', { incident, seq: 7 }],
    ['info', 'incident.reopened', { incident, seq: 7 }],
  ]);
});
