// Owns the ways to reach people in a simulation: they remember all that arrived, and answer late, wrongly or not at all.
import type { Notifier, NotifyResult, OutgoingMessage } from '../../../src/agent/notifiers/notifier.ts';
import { type Life, never } from './life.ts';
import type { Random } from './random.ts';
import type { SimulatedTime } from './time.ts';

export type PagerMood = 'well' | 'flaky' | 'away';

/** One try to reach somebody. */
export interface Try {
  readonly life: number;
  readonly channel: string;
  readonly outgoing: OutgoingMessage;
  readonly askedAtMs: number;
  /** When it arrived; null while, or because, it did not. */
  arrivedAtMs: number | null;
}

export interface Pagers {
  notifierFor(life: Life, channel: string): Notifier;
  setMood(mood: PagerMood): void;
  mood(): PagerMood;
  tries(): readonly Try[];
  /** Those that arrived, of one page, message or test. */
  arrivedOf(id: string): readonly Try[];
}

type Fate = 'arrives' | 'answer-lost' | 'request-lost' | 'refused' | 'unreachable' | 'busy';

const FATES: { readonly [Mood in PagerMood]: readonly Fate[] } = {
  well: ['arrives'],
  flaky: ['arrives', 'arrives', 'arrives', 'answer-lost', 'request-lost', 'refused', 'unreachable', 'busy'],
  away: ['unreachable', 'request-lost'],
};

export const simulatedPagers = (
  random: Random,
  time: SimulatedTime,
  told: { readonly onTry: (attempt: Try, earlier: readonly Try[]) => void },
): Pagers => {
  const tries: Try[] = [];
  const byId = new Map<string, Try[]>();
  let mood: PagerMood = 'well';

  const failed = (
    reason: Extract<NotifyResult, { ok: false }>['reason'],
    more: { readonly retry?: boolean; readonly retryAfterMs?: number; readonly mayHaveArrived?: boolean } = {},
  ): NotifyResult => ({
    ok: false,
    reason,
    detail: 'as simulated',
    retry: more.retry ?? true,
    retryAfterMs: more.retryAfterMs ?? null,
    mayHaveArrived: more.mayHaveArrived ?? false,
  });

  const carriedOut = async (attempt: Try, life: Life): Promise<NotifyResult> => {
    const fate = random.pick(FATES[mood]);
    // Handed over or not: a process that dies on the way to its socket has sent nothing.
    await time.wait(random.chance(0.6) ? 0 : random.between(1, 50));
    if (!life.isAlive()) return never();
    const arrive = (): void => {
      attempt.arrivedAtMs = time.elapsedMs();
    };
    switch (fate) {
      case 'arrives':
        await time.wait(random.chance(0.5) ? 0 : random.between(1, 8_000));
        arrive();
        await time.wait(random.chance(0.5) ? 0 : random.between(1, 2_000));
        return { ok: true };
      case 'answer-lost':
        arrive();
        await time.wait(random.between(1_000, 30_000));
        return failed('timeout', { mayHaveArrived: true });
      case 'request-lost':
        await time.wait(random.between(1_000, 30_000));
        return failed('timeout', { mayHaveArrived: true });
      case 'refused':
        return failed('rejected', { retry: false });
      case 'unreachable':
        return failed('unreachable');
      case 'busy':
        return failed('rate-limited', { retryAfterMs: random.between(1, 20) * 1_000 });
      default:
        return fate satisfies never;
    }
  };

  return {
    notifierFor: (life, channel) => ({
      send: async (outgoing) => {
        if (!life.mayCall()) return never();
        const earlier = [...(byId.get(outgoing.id) ?? [])];
        const attempt: Try = {
          life: life.number,
          channel,
          outgoing,
          askedAtMs: time.elapsedMs(),
          arrivedAtMs: null,
        };
        tries.push(attempt);
        byId.set(outgoing.id, [...earlier, attempt]);
        told.onTry(attempt, earlier);
        const result = await carriedOut(attempt, life);
        return life.mayCall() ? result : never();
      },
    }),
    setMood: (next) => {
      mood = next;
    },
    mood: () => mood,
    tries: () => tries,
    arrivedOf: (id) => (byId.get(id) ?? []).filter((attempt) => attempt.arrivedAtMs !== null),
  };
};
