// Owns the network of a simulation: connections that carry frames in order, late, for readers that stop reading, until they are cut.
import type { Random } from './random.ts';
import type { SimulatedTime } from './time.ts';

export type NetworkMood = 'well' | 'bad';

/** One direction of a connection. */
export interface Pipe {
  send(frame: Buffer): void;
  /** Bytes handed over and not yet read at the other end. */
  backlogBytes(): number;
  /** The reader takes nothing until it goes on. */
  stall(isStalled: boolean): void;
  /** Whatever is on its way is lost. */
  cut(): void;
}

export const createPipe = (
  { time, random, mood }: { readonly time: SimulatedTime; readonly random: Random; readonly mood: () => NetworkMood },
  deliver: (frame: Buffer) => void,
): Pipe => {
  let backlog = 0;
  let lastAtMs = 0;
  let isCut = false;
  let isStalled = false;
  let held: Buffer[] = [];

  const arrive = (frame: Buffer): void => {
    if (isCut) return;
    if (isStalled) {
      held.push(frame);
      return;
    }
    backlog -= frame.length;
    deliver(frame);
  };

  const delayMs = (): number => {
    if (mood() === 'bad') return random.between(20, 3_000);
    return random.chance(0.7) ? 0 : random.between(1, 40);
  };

  return {
    send: (frame) => {
      if (isCut) return;
      backlog += frame.length;
      lastAtMs = Math.max(lastAtMs, time.elapsedMs() + delayMs());
      time.after(lastAtMs - time.elapsedMs(), () => arrive(frame));
    },
    backlogBytes: () => backlog,
    stall: (next) => {
      isStalled = next;
      if (isStalled) return;
      const waiting = held;
      held = [];
      for (const frame of waiting) arrive(frame);
    },
    cut: () => {
      isCut = true;
      held = [];
    },
  };
};
