// Owns changing the configuration of a running agent: what cannot be read whole is refused, and the one before goes on.
import type { CommandResult } from '../protocol/messages.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import type { AgentLog } from './agent-log.ts';
import type { Config } from './config/config.ts';
import { watchConfig } from './config/watch-config.ts';

interface ReloadingParts {
  readonly directory: string;
  /** Null: the configuration is not read again. */
  readonly read: (() => Promise<Config>) | null;
  readonly current: () => Config;
  readonly apply: (config: Config) => void;
  readonly note: (problem: string | null) => Promise<CommandResult>;
  readonly agentLog: AgentLog;
}

export interface Reloading {
  reload(): Promise<void>;
  close(): void;
}

/** Reads again when told to and when a file changes; one reading at a time, and once more when something changed meanwhile. */
export const createReloading = (parts: ReloadingParts): Reloading => {
  const { directory, read, current, apply, note, agentLog } = parts;
  let running: Promise<void> | null = null;
  let isWantedAgain = false;
  let isRefused = false;
  let isClosed = false;

  const readOnce = async (from: () => Promise<Config>): Promise<void> => {
    let next: Config;
    try {
      next = await from();
    } catch (error) {
      // A fault of ours in reading must not end an agent that works.
      const problem = error instanceof OperatorError ? error.message : `fault while reading: ${String(error)}`;
      if (isClosed) return;
      isRefused = true;
      agentLog.error(`configuration refused, the one before goes on: ${problem}`, { configuration: directory });
      await note(problem);
      return;
    }
    const isNew = JSON.stringify(next) !== JSON.stringify(current());
    if (isClosed || (!isNew && !isRefused)) return;
    if (isNew) apply(next);
    isRefused = false;
    agentLog.info(`configuration loaded from ${directory}`, { configuration: directory });
    await note(null);
  };

  const reload = async (): Promise<void> => {
    if (read === null || isClosed) return;
    if (running !== null) {
      isWantedAgain = true;
      return running;
    }
    running = (async () => {
      do {
        isWantedAgain = false;
        await readOnce(read);
      } while (isWantedAgain && !isClosed);
    })().finally(() => {
      running = null;
    });
    return running;
  };

  const readAgain = (): void => {
    void reload().catch((fault: unknown) => agentLog.fault('while reading the configuration', fault));
  };
  const watching =
    read === null
      ? null
      : watchConfig({
          directory,
          onChange: () => readAgain(),
        });
  // What changed while the agent was starting was seen by nobody. Read after the first look: nothing falls between the two.
  void watching?.started.then(readAgain);
  return {
    reload,
    close: () => {
      isClosed = true;
      void watching?.close();
    },
  };
};
