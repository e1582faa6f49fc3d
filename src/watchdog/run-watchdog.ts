// Owns the watchdog as a running thing: looks every second, says what is to be said, and keeps what it knows on disk.
import { takeAgentLock } from '../agent/agent-lock.ts';
import type { AgentLog } from '../agent/agent-log.ts';
import type { Config } from '../agent/config/config.ts';
import { notifiersOf } from '../agent/notifiers/notifiers-of.ts';
import type { AgentDoor } from '../client/agent-door.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { type CourierParts, deliver, destinationsOf } from './courier.ts';
import { makeDirectory, readMemory, writeMemory } from './memory-file.ts';
import { afterTelling, beginWatch, look, type Memory, type Saying, type Trouble, type Watch } from './watch.ts';
import { watchedAgent } from './watched-agent.ts';
import { sayingText } from './words.ts';

export interface WatchdogOptions {
  readonly config: Config;
  /** The watchdog's own, not the agent's. */
  readonly directory: string;
  readonly door: () => AgentDoor;
  /** The agent as people know it: a host. */
  readonly where: string;
  readonly agentLog: AgentLog;
}

export interface Verdict {
  /** Null: all is well. */
  readonly trouble: Trouble | null;
  /** When it was last heard before, by its own clock. */
  readonly heardAt: string | null;
  readonly openIncidents: number;
}

export interface Watchdog {
  /** Resolves once it is certain how the agent does, and everybody who is to know was told. */
  verdict(): Promise<Verdict>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
/** How old what is on disk may be where nothing but time has passed. */
const WRITE_EVERY_MS = 30_000;
const STOP_WITHIN_MS = 10_000;

/** Throws `bad-config` where there is nobody to page, `agent-running` where another one has the directory, `state-unwritable`. */
export const runWatchdog = async (options: WatchdogOptions): Promise<Watchdog> => {
  const { config, directory, where, agentLog } = options;
  const rules = config.watchdog;
  if (rules.contacts.length + rules.sinks.length === 0) throw nobodyToPage(config.directory);
  await makeDirectory(directory);
  const lock = await takeAgentLock(directory);
  if (!lock.ok) throw watchdogRunning(directory, lock.pid);
  const { memory, problem } = await readMemory(directory);
  if (problem !== null) agentLog.warn(problem);

  const agent = watchedAgent(options.door);
  const stopping = new AbortController();
  const courier: CourierParts = {
    notifier: notifiersOf(
      () => config,
      (line) => agentLog.error(line),
      () => 'watchdog',
    ),
    wait: pause,
    failed: ({ to, channel }, detail) =>
      agentLog.error(`${to} was not reached by ${channel}: ${detail}`, { to, channel }),
  };
  let watch: Watch = beginWatch(memory, momentNow(memory, null), rules);
  let telling: Promise<void> | null = null;
  let written = { text: '', atMs: Number.NEGATIVE_INFINITY };
  let writing: Promise<void> | null = null;
  let wasWell = false;
  let isDecided: (() => void) | null = null;

  /** What is being told is written down once it is: whoever dies in between tells it again. */
  const remember = (): void => {
    const text = textOf(watch.memory);
    const isOld = performance.now() - written.atMs > WRITE_EVERY_MS;
    if (telling !== null || writing !== null || (text === written.text && !isOld)) return;
    written = { text, atMs: performance.now() };
    writing = writeMemory(directory, watch.memory)
      .catch((error: unknown) => agentLog.error('what the watchdog knows cannot be written down', { err: error }))
      .finally(() => {
        writing = null;
      });
  };

  const tell = async (saying: Saying): Promise<void> => {
    const text = sayingText(saying, where);
    if (saying.about === 'over') agentLog.info(text);
    else agentLog.error(text);
    const reached = await deliver({ saying, text, to: destinationsOf(config, saying) }, courier, stopping.signal);
    watch = afterTelling(watch, reached);
  };

  /** Trouble is logged as it is told; that it is heard, or heard again, would go unsaid. */
  const noteHearing = (): void => {
    const isWell = watch.seen === null;
    if (isWell && !wasWell)
      agentLog.info(`the agent at ${where} is well, ${watch.memory.incidents.length} open incidents`);
    wasWell = isWell;
  };

  const lookOnce = (): void => {
    const { link, agentNowMs } = agent.see();
    const at = { link, ...momentNow(watch.memory, agentNowMs), mayTell: telling === null };
    const looked = look(watch, at, rules);
    watch = looked.watch;
    noteHearing();
    if (looked.saying !== null)
      telling = tell(looked.saying).finally(() => {
        telling = null;
        remember();
      });
    remember();
    if (isDecided !== null && telling === null && isCertain(watch, rules.silentAfterMs)) isDecided();
  };

  const timer = setInterval(lookOnce, LOOK_EVERY_MS);
  agentLog.info(`watching the agent at ${where}`);

  return {
    verdict: async () => {
      await new Promise<void>((resolve) => {
        isDecided = resolve;
        lookOnce();
      });
      const { heardAt, incidents } = watch.memory;
      return { trouble: watch.seen?.trouble ?? null, heardAt, openIncidents: incidents.length };
    },
    stop: async () => {
      clearInterval(timer);
      const late = setTimeout(() => stopping.abort(), STOP_WITHIN_MS);
      await telling;
      clearTimeout(late);
      agent.close();
      await writing;
      await writeMemory(directory, watch.memory).catch(() => {});
      await lock.release();
    },
  };
};

const isCertain = ({ seen, memory }: Watch, silentAfterMs: number): boolean =>
  seen === null ? memory.heardAt !== null : seen.trouble === 'refused' || seen.lookedForMs >= silentAfterMs;

/** This machine's clock, set right by what was last heard, stands in for the agent's. */
const momentNow = (memory: Memory, agentNowMs: number | null) => {
  const wallMs = Date.now();
  return { wallMs, elapsedMs: performance.now(), agentNowMs: agentNowMs ?? wallMs + memory.aheadMs };
};

/** All but what moves with time alone. */
const textOf = ({ heardAt, incidents, alarm }: Memory): string => JSON.stringify([heardAt === null, incidents, alarm]);

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });

const nobodyToPage = (directory: string): OperatorError =>
  new OperatorError(
    'bad-config',
    `watchdog.yaml in ${directory} names nobody to page`,
    'name contacts or sinks of notifications.yaml in it, as in contacts: [ana, ben]',
  );

const watchdogRunning = (directory: string, pid: number | null): OperatorError =>
  new OperatorError(
    'agent-running',
    `a watchdog already runs on ${directory}${pid === null ? '' : ` (pid ${pid})`}`,
    'leave the watching to it, or give this one a directory of its own with --state',
  );
