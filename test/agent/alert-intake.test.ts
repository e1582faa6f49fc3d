import { describe, expect, it } from 'vitest';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { createAlertIntake } from '../../src/agent/alert-intake.ts';
import { type RefusalReason, refusal } from '../../src/incident/refusal.ts';
import { safeText } from '../../src/incident/text.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { manualClock } from '../support/manual-clock.ts';

const alerts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    fingerprint: safeText(`f${index}`),
    service: safeText('checkout'),
    givenSeverity: safeText('critical'),
    message: safeText('too many errors'),
    firing: true,
  }));
const taken: CommandResult = { ok: true, seq: 1, subject: null };
const refused = (reason: RefusalReason): CommandResult => ({ ok: false, refusal: refusal(reason, reason, '') });

const intake = (answer: (slice: number) => CommandResult) => {
  const slices: number[] = [];
  const told: { count: number; error: string | null }[] = [];
  const counted: number[] = [];
  const take = createAlertIntake({
    agent: {
      takeAlerts: async (_source, slice) => {
        slices.push(slice.length);
        return answer(slices.length);
      },
    },
    board: { told: ({ count, error }) => told.push({ count, error }) },
    metrics: { observeAlerts: (_source, count) => counted.push(count) },
    clock: manualClock(),
    agentLog: agentLogTo(() => {}),
  });
  return { take: (count: number) => take('am', alerts(count), 0), slices, told, counted };
};

describe('taking what a source told', () => {
  it('goes in slices, so that a flood lets others in between', async () => {
    const { take, slices, counted } = intake(() => taken);
    expect(await take(1_201)).toEqual(taken);
    expect(slices).toEqual([500, 500, 201]);
    expect(counted).toEqual([1_201]);
  });

  it('is done where only a part of it was news', async () => {
    const { take, told } = intake((slice) => (slice === 2 ? taken : refused('nothing-due')));
    expect(await take(1_500)).toEqual(taken);
    expect(told).toEqual([{ count: 1_500, error: null }]);
  });

  it.each(['agent-read-only', 'fault'] as const)(
    'ends at %s: the source tries again, and shows as failing',
    async (reason) => {
      const { take, slices, told, counted } = intake((slice) => (slice === 2 ? refused(reason) : taken));
      expect(await take(1_500)).toMatchObject({ ok: false, refusal: { reason } });
      expect(slices).toEqual([500, 500]);
      expect(told).toEqual([{ count: 0, error: `not taken: ${reason}` }]);
      expect(counted).toEqual([]);
    },
  );
});
