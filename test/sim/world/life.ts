// Owns what one run of the agent's process is: alive until it is killed, and from then on without any effect on the world.
import type { SimulatedTime } from './time.ts';

export interface Life {
  /** Counts the starts of the agent, from 1. */
  readonly number: number;
  isAlive(): boolean;
  /** As SIGKILL or a power cut would: in the middle of anything. */
  kill(): void;
  /** Kills it when it has made so many more calls into the world, so that it dies between any two of them. */
  killAfterCalls(calls: number): void;
  /** To be asked at every call into the world: false when the caller is dead, and must not be served nor answered. */
  mayCall(): boolean;
}

export const newLife = (
  number: number,
  time: Pick<SimulatedTime, 'noteActivity'>,
  onKilled: (life: Life) => void,
): Life => {
  let isAlive = true;
  let callsLeft = Number.POSITIVE_INFINITY;
  const life: Life = {
    number,
    isAlive: () => isAlive,
    kill: () => {
      if (!isAlive) return;
      isAlive = false;
      onKilled(life);
    },
    killAfterCalls: (calls) => {
      callsLeft = calls;
    },
    mayCall: () => {
      time.noteActivity();
      if (!isAlive) return false;
      callsLeft -= 1;
      if (callsLeft < 0) life.kill();
      return isAlive;
    },
  };
  return life;
};

/** The answer that a dead process waits for. */
export const never = (): Promise<never> => new Promise<never>(() => {});
