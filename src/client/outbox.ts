// Owns what was asked of the agent and is not answered yet: said again after each welcome, and never faster than an agent takes it.

export interface Outbox {
  /** Resolves with what `answered` is told for the id, `unanswered` after too long. */
  ask(id: string, frame: Buffer): Promise<unknown>;
  answered(id: string, reply: unknown): void;
  /** The agent listens, anew: whatever has no answer is said again. */
  opened(send: (frame: Buffer) => void): void;
  closed(): void;
}

/** Kept well below what ends a session, also where a bad network delivers a second's worth at once. */
const MOST_IN_FLIGHT = 16;
const MOST_PER_SECOND = 25;

export const unanswered = Symbol('unanswered');

interface Waiting {
  readonly frame: Buffer;
  readonly resolve: (reply: unknown) => void;
  isSaid: boolean;
}

export const createOutbox = (answerWithinMs: number): Outbox => {
  const waiting = new Map<string, Waiting>();
  let send: ((frame: Buffer) => void) | null = null;
  let saidAtMs: readonly number[] = [];
  let later: NodeJS.Timeout | undefined;

  const inFlight = (): number => [...waiting.values()].filter(({ isSaid }) => isSaid).length;

  /** How long to keep quiet, in milliseconds; zero when the next one may go. */
  const pauseMs = (): number => {
    const now = performance.now();
    saidAtMs = saidAtMs.filter((at) => now - at < 1_000);
    const oldest = saidAtMs[0];
    return oldest === undefined || saidAtMs.length < MOST_PER_SECOND ? 0 : oldest + 1_000 - now;
  };

  const say = (): void => {
    clearTimeout(later);
    let room = MOST_IN_FLIGHT - inFlight();
    for (const one of waiting.values()) {
      if (one.isSaid) continue;
      if (send === null || room <= 0) return;
      const pause = pauseMs();
      if (pause > 0) {
        later = setTimeout(say, pause);
        return;
      }
      one.isSaid = true;
      room -= 1;
      saidAtMs = [...saidAtMs, performance.now()];
      send(one.frame);
    }
  };

  const end = (id: string, reply: unknown): void => {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    one.resolve(reply);
    say();
  };

  return {
    ask: (id, frame) =>
      new Promise((resolve) => {
        const late = setTimeout(() => end(id, unanswered), answerWithinMs);
        const done = (reply: unknown): void => {
          clearTimeout(late);
          resolve(reply);
        };
        waiting.set(id, { frame, resolve: done, isSaid: false });
        say();
      }),
    answered: end,
    opened: (sendNow) => {
      send = sendNow;
      for (const one of waiting.values()) one.isSaid = false;
      say();
    },
    closed: () => {
      send = null;
      clearTimeout(later);
    },
  };
};
