// Owns when news are told: joined once, then what came within a moment together, in order, and nothing twice.
import type { RoomClient, RoomView } from '../../client/room-client.ts';
import { toTimestamp } from '../../incident/time.ts';
import { timeOfDay } from '../format.ts';
import { joiningLines } from './look-lines.ts';
import { newsLines } from './news-lines.ts';
import { type SignalWatch, signalNews } from './signal-news.ts';

export interface NewsFeedOptions {
  readonly client: RoomClient;
  readonly tell: (lines: readonly string[]) => void;
  readonly localNow: () => number;
}

export interface NewsFeed {
  /** Tells what has come so far, so that an answer stands after it. */
  flush(): void;
  /** Resolves when the room has been seen, or the agent will not have us. */
  readonly joined: Promise<'joined' | 'refused'>;
  stop(): void;
}

const TOGETHER_WITHIN_MS = 100;
const PATIENT_MS = 1_000;

export const newsFeed = ({ client, tell, localNow }: NewsFeedOptions): NewsFeed => {
  const joined = Promise.withResolvers<'joined' | 'refused'>();
  let told: RoomView | null = null;
  let watch: SignalWatch | null = null;
  let lostAtMs = 0;
  let soon: NodeJS.Timeout | null = null;
  let isRefused = false;

  const join = (view: RoomView): void => {
    told = view;
    watch = signalNews(null, view, localNow()).watch;
    tell(joiningLines(view, client.now()));
    joined.resolve('joined');
  };

  const follow = (before: RoomView, view: RoomView): void => {
    if (before.connection.name === 'live' && view.connection.name !== 'live') lostAtMs = localNow();
    told = view;
    tell(newsLines(before, view, { now: client.now(), awayMs: localNow() - lostAtMs }));
    // Old numbers cross no limit.
    if (view.connection.name !== 'live') return;
    const news = signalNews(watch, view, localNow());
    watch = news.watch;
    tell(news.lines.map((line) => `${timeOfDay(toTimestamp(client.now()))} ${line}`));
  };

  const flush = (): void => {
    if (soon !== null) clearTimeout(soon);
    soon = null;
    const view = client.view();
    if (isRefused) return;
    if (view.connection.name === 'refused') {
      isRefused = true;
      tell([`the agent refuses this connection: ${view.connection.message}`]);
      joined.resolve('refused');
    } else if (told === null) {
      if (view.agent !== null && view.connection.name === 'live') join(view);
    } else if (view.seq < told.seq) {
      tell(['the agent has another log: from here on it is another room']);
      join(view);
    } else if (view !== told) follow(told, view);
  };

  const patience = setTimeout(() => {
    if (told === null) tell(['connecting to the agent']);
  }, PATIENT_MS);
  const stopListening = client.subscribe(() => {
    soon ??= setTimeout(flush, TOGETHER_WITHIN_MS);
  });
  flush();

  return {
    flush,
    joined: joined.promise,
    stop: () => {
      stopListening();
      clearTimeout(patience);
      if (soon !== null) clearTimeout(soon);
    },
  };
};
