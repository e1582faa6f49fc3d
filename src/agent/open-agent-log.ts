// Owns where the agent's own log goes: JSON lines for machines, dated lines for people, on a stream that may be full, stuck or gone.
import type { Writable } from 'node:stream';
import { pino, stdTimeFunctions } from 'pino';
import { type AgentLog, agentLogTo, type LogLine } from './agent-log.ts';

export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogStream extends Writable {
  readonly isTTY?: boolean;
}

/** More than this waiting means that nobody reads: what comes then is counted, not kept. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** What a stream is written in unless told otherwise: dated lines where a person reads along, JSON where a machine collects. */
export const formatFor = (stream: LogStream): LogFormat => (stream.isTTY ? 'text' : 'json');

/** The agent's own log on a stream. A disk that is full, or a reader that left, costs lines and nothing else: an agent goes on watching. */
export const openAgentLog = (stream: LogStream, format: LogFormat = formatFor(stream)): AgentLog => {
  stream.removeAllListeners('error');
  stream.on('error', () => {});
  neverWaitFor(stream);
  let leftOut = 0;
  const writer = writers[format]((text) => void stream.write(text));
  return agentLogTo((line) => {
    if (stream.writableLength > MOST_WAITING_BYTES) {
      leftOut += 1;
      return;
    }
    if (leftOut > 0) agentLogTo(writer).warn(`${leftOut} lines were left out here: nobody read the log`);
    leftOut = 0;
    writer(line);
  });
};

/** Resolves with whether all that was said is written, waiting for it no longer than that: a stuck reader would keep a process from ending. */
export const isWritten = (stream: Writable, withinMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    // What can be written no more is no reason to wait.
    stream.write('', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });

type Write = (text: string) => void;

const writers: { readonly [Format in LogFormat]: (write: Write) => (line: LogLine) => void } = {
  json: (write) => {
    const logger = pino(
      {
        base: null,
        timestamp: stdTimeFunctions.isoTime,
        customLevels: { info: 30, warn: 40, error: 50, fault: 60 },
        useOnlyCustomLevels: true,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write },
    );
    return ({ level, msg, fields }) => logger[level](fields, msg);
  },
  text:
    (write) =>
    ({ level, msg, fields }) => {
      const untold = Object.entries(fields).filter(([, value]) => !msg.includes(String(value)));
      const about = untold.map(([name, value]) => `${name}=${spelled(value)}`);
      write(`${[new Date().toISOString(), LEVEL_WORDS[level], msg, ...about].join(' ')}\n`);
    },
};

const LEVEL_WORDS = { info: 'info ', warn: 'WARN ', error: 'ERROR', fault: 'FAULT' } as const;

const spelled = (value: string | number): string =>
  typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value);

/** Node waits for a terminal at each write: one paused with Ctrl-S would hold the whole agent, pages included. */
const neverWaitFor = (stream: LogStream): void => {
  if (!stream.isTTY) return;
  const { _handle } = stream as { readonly _handle?: { readonly setBlocking?: (blocking: boolean) => void } };
  _handle?.setBlocking?.(false);
};
