// Owns how often clients hear of numbers: what changed since the last word, a few times a second at most.
import type { Signals } from '../../incident/signals.ts';
import type { SignalBoard } from './signal-board.ts';

// More often than the eye reads numbers is a waste of every terminal's time.
const AT_MOST_EVERY_MS = 250;

/** Offers the changed services' latest numbers to `offer`; returns the way to stop. Paced by the machine's time, whatever the room's clock. */
export const fanOutSignals = (
  board: Pick<SignalBoard, 'current' | 'subscribe'>,
  offer: (signals: Signals) => void,
): (() => void) => {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    const current = board.current();
    const news = Object.fromEntries(
      [...changed].flatMap((service) => (current[service] === undefined ? [] : [[service, current[service]]])),
    );
    changed.clear();
    offer(news);
  };
  const unsubscribe = board.subscribe((services) => {
    for (const service of services) changed.add(service);
    timer ??= setTimeout(tell, AT_MOST_EVERY_MS);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
};
