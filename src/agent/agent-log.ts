// Owns the agent's own log as the agent sees it: levels, what a line may say besides its words, and that all of it is safe text.
import { type SafeText, safeText } from '../incident/text.ts';

/** `fault` is a bug of ours; `error` is trouble that somebody has to see to; `warn` goes on by itself or costs little. */
export const LOG_LEVELS = ['info', 'warn', 'error', 'fault'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line is about, under names that a search can rely on. */
export interface LogFields {
  readonly incident?: string;
  readonly action?: string;
  readonly service?: string;
  readonly source?: string;
  readonly channel?: string;
  /** A contact or a sink. */
  readonly to?: string;
  /** The id of a page, message or test: the same for every try of it. */
  readonly page?: string;
  /** Sequence number of the commit. */
  readonly seq?: number;
  readonly url?: string;
  readonly configuration?: string;
  readonly state?: string;
  /** What was thrown. */
  readonly err?: unknown;
}

/** The agent's own log. Never throws, never waits, and outlives whatever it is written to. */
export interface AgentLog {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A bug of ours, with its stack. */
  fault(message: string, thrown: unknown, fields?: LogFields): void;
}

/** One line, safe to be written anywhere. */
export interface LogLine {
  readonly level: LogLevel;
  readonly msg: SafeText;
  readonly fields: Readonly<Record<string, SafeText | number>>;
}

const LONGEST_MESSAGE = 2_000;
const LONGEST_FIELD = 500;
const LONGEST_STACK = 4_000;

/** A log that hands its lines to `write`. */
export const agentLogTo = (write: (line: LogLine) => void): AgentLog => {
  const line = (level: LogLevel, message: string, fields: LogFields): void =>
    write({ level, msg: safeText(message, LONGEST_MESSAGE), fields: safeFields(level, fields) });
  return {
    info: (message, fields = {}) => line('info', message, fields),
    warn: (message, fields = {}) => line('warn', message, fields),
    error: (message, fields = {}) => line('error', message, fields),
    fault: (message, thrown, fields = {}) => line('fault', message, { ...fields, err: thrown }),
  };
};

const safeFields = (level: LogLevel, fields: LogFields): LogLine['fields'] =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (value === undefined) return [];
      if (name === 'err') return [[name, level === 'fault' ? stackOf(value) : messageOf(value)]];
      return [[name, typeof value === 'number' ? value : safeText(String(value), LONGEST_FIELD)]];
    }),
  );

const messageOf = (thrown: unknown): SafeText =>
  safeText(thrown instanceof Error ? thrown.message : String(thrown), LONGEST_MESSAGE);

/** On one line, its calls apart by a bar. */
const stackOf = (thrown: unknown): SafeText =>
  thrown instanceof Error && thrown.stack !== undefined
    ? safeText(thrown.stack.slice(0, LONGEST_STACK).replace(/\n\s*/g, ' | '), LONGEST_STACK)
    : messageOf(thrown);
