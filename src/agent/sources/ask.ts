// Owns one HTTP question to something watched: bounded in time and size, failure returned as a value in the responder's words.
import { type SafeText, safeText } from '../../incident/text.ts';
import type { Clock } from '../clock.ts';
import { failureWords } from './failure-words.ts';

export type AskFailure = 'timeout' | 'unreachable' | 'bad-answer';

export type Answer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly contentType: string;
      /** When it was answered, by the clock of who answers. */
      readonly date: string;
      readonly body: string;
    }
  | { readonly ok: false; readonly why: AskFailure; readonly detail: SafeText };

export interface Question {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** What a longer body is: an answer that cannot be used, or one whose beginning is enough. */
  readonly longer: 'refused' | 'cut';
}

export interface Asking {
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
}

/** Asks once, follows no redirect, never throws. */
export const ask = async (
  question: Question,
  { clock, stopping, fetch = globalThis.fetch }: Asking,
): Promise<Answer> => {
  const deadline = new AbortController();
  const callOff = clock.after(question.timeoutMs, () => deadline.abort());
  try {
    const response = await fetch(question.url, {
      method: question.method ?? 'GET',
      headers: question.headers ?? {},
      body: question.form === undefined ? null : new URLSearchParams(question.form),
      redirect: 'manual',
      signal: AbortSignal.any([stopping, deadline.signal]),
    });
    const body = await readBody(response, question.maxBytes);
    if (body.isCut && question.longer === 'refused')
      return failed('bad-answer', `more than ${question.maxBytes} bytes`);
    return {
      ok: true,
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      date: response.headers.get('date') ?? '',
      body: body.text,
    };
  } catch (thrown) {
    if (deadline.signal.aborted) return failed('timeout', timeoutWords(question.timeoutMs));
    return failed('unreachable', failureWords(thrown));
  } finally {
    callOff();
  }
};

export const timeoutWords = (timeoutMs: number): string => `timeout after ${timeoutMs / 1000} s`;

const failed = (why: AskFailure, detail: string): Answer => ({ ok: false, why, detail: safeText(detail, 200) });

const readBody = async (
  response: Response,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isCut: boolean }> => {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  if (response.body === null) return { text: '', isCut: false };
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return { text: parts.join(''), isCut: true };
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  return { text: parts.join('') + decoder.decode(), isCut: false };
};
