// Owns time limits on the agent's own clock: what takes longer is told to stop.
import type { Clock } from './clock.ts';

/** Does a step with a signal that aborts after `ms` of the world's time, whatever the pace of the room, or with `stopping`. */
export const within = async <T>(
  { clock, ms, stopping }: { readonly clock: Clock; readonly ms: number; readonly stopping: AbortSignal },
  step: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const timeout = new AbortController();
  const cancel = clock.after(ms * clock.rate, () =>
    timeout.abort(new DOMException('it took too long', 'TimeoutError')),
  );
  return step(AbortSignal.any([stopping, timeout.signal])).finally(cancel);
};
