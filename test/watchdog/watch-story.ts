// Owns stories of a watchdog and its agent, second by second: the real room, and a machine whose clocks can be set and stopped.
import type { WatchdogRules } from '../../src/agent/config/config.ts';
import { toEpochMs } from '../../src/incident/time.ts';
import {
  afterTelling,
  beginWatch,
  freshMemory,
  type Link,
  look,
  type Saying,
  type Watch,
} from '../../src/watchdog/watch.ts';
import { sayingText } from '../../src/watchdog/words.ts';
import { doWhatIsDue, roomUnderTest } from '../support/room.ts';

export const rules: WatchdogRules = {
  silentAfterMs: 30_000,
  repeatEveryMs: 300_000,
  contacts: ['ana', 'ben', 'cto'],
  sinks: [],
};

/** How far the agent's clock is ahead of the watchdog's machine. */
const AHEAD_MS = 7_000;

export interface Said {
  /** Seconds of the story. */
  readonly at: number;
  readonly saying: Saying;
  readonly text: string;
}

export const watchStory = () => {
  const room = roomUnderTest();
  let second = 0;
  let elapsedMs = 1_000;
  let wallSetByMs = 0;
  let heardInThisLife = false;
  let reaches = true;
  const said: Said[] = [];

  /** What a watchdog takes for the agent's clock: as last heard while it runs, its own set right after a restart. */
  const agentNowMs = (): number => (heardInThisLife ? toEpochMs(room.now()) : wallMs() + watch.memory.aheadMs);
  const wallMs = (): number => toEpochMs(room.now()) - AHEAD_MS + wallSetByMs;

  let watch: Watch;
  const begin = (memory = freshMemory): void => {
    heardInThisLife = false;
    watch = { memory } as Watch;
    watch = beginWatch(memory, { elapsedMs, agentNowMs: agentNowMs() }, rules);
  };
  begin();

  const lookAt = (link: Link): void => {
    heardInThisLife ||= link.name === 'live';
    const looked = look(watch, { link, elapsedMs, agentNowMs: agentNowMs(), wallMs: wallMs(), mayTell: true }, rules);
    watch = looked.watch;
    if (looked.saying === null) return;
    said.push({ at: second, saying: looked.saying, text: sayingText(looked.saying, 'ops1') });
    watch = afterTelling(watch, reaches);
  };

  const passes = (ms: number): void => {
    second += ms / 1_000;
    elapsedMs += ms;
    room.pass(ms);
  };
  const each = (seconds: number, link: () => Link, during = (): void => {}): void => {
    for (let left = seconds; left > 0; left -= 1) {
      passes(1_000);
      during();
      lookAt(link());
    }
  };

  return {
    room,
    said,
    /** The texts, each with its second. */
    texts: () => said.map(({ at, text }) => `${at}: ${text}`),
    memory: () => watch.memory,
    isWell: (seconds: number) =>
      each(
        seconds,
        () => ({ name: 'live', writable: true, room: room.room() }),
        () => doWhatIsDue(room),
      ),
    /** Answers, and does nothing of what is due. */
    isStuck: (seconds: number) => each(seconds, () => ({ name: 'live', writable: true, room: room.room() })),
    isReadOnly: (seconds: number) => each(seconds, () => ({ name: 'live', writable: false, room: room.room() })),
    isSilent: (seconds: number, why: string | null = null) => each(seconds, () => ({ name: 'silent', why })),
    refuses: (seconds: number) => each(seconds, () => ({ name: 'refused', why: 'the token is not accepted' })),
    /** The watchdog does not run for a while. */
    isPaused: (seconds: number) => passes(seconds * 1_000),
    /** The watchdog's machine gets another idea of the time. */
    setsItsClock: (byMs: number) => {
      wallSetByMs += byMs;
    },
    restarts: () => {
      elapsedMs = 1_000;
      begin(JSON.parse(JSON.stringify(watch.memory)));
    },
    reachesPeople: (does: boolean) => {
      reaches = does;
    },
  };
};
