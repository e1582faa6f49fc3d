// Owns waiting for the replica to show something.
import type { RoomClient, RoomView } from './room-client.ts';

export interface Patience {
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/** What `look` finds in the view, now or after a change; null when time ran out or the signal came first. */
export const untilView = <Found>(
  client: RoomClient,
  look: (view: RoomView) => Found | null,
  { withinMs, signal }: Patience,
): Promise<Found | null> =>
  new Promise((resolve) => {
    const end = (found: Found | null): void => {
      clearTimeout(late);
      unsubscribe();
      signal?.removeEventListener('abort', stop);
      resolve(found);
    };
    const stop = (): void => end(null);
    const lookAgain = (): void => {
      const found = look(client.view());
      if (found !== null) end(found);
    };
    const late = setTimeout(stop, withinMs);
    const unsubscribe = client.subscribe(lookAgain);
    if (signal?.aborted) stop();
    else {
      signal?.addEventListener('abort', stop);
      lookAgain();
    }
  });
