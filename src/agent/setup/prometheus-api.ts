// Owns putting a question to a Prometheus before there is a configuration for it: samples with their labels, failure as a value.
import * as z from 'zod/mini';
import type { SafeText } from '../../incident/text.ts';
import { type Answer, type Asking, ask } from '../sources/ask.ts';
import { parseSampleValue } from '../sources/exposition.ts';
import type { Labels } from '../sources/series-filter.ts';
import { withoutSecrets } from '../without-secrets.ts';

export interface PrometheusDoor {
  readonly url: string;
  /** Values may be secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** `no-answer`: nobody there, or too slow. `no-prometheus`: something else answers. `refused`: Prometheus will not have the question. */
export type QuestionFailure = 'no-answer' | 'no-prometheus' | 'login' | 'refused';

export type Told<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: QuestionFailure; readonly detail: SafeText };

const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

const Refused = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });
const Success = z.object({ status: z.literal('success'), data: z.object({ resultType: z.string() }) });
const Vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const Scalar = z.object({ data: z.object({ result: z.tuple([z.number(), z.string()]) }) });

/** The samples of an instant query; of a scalar, one without labels. */
export const queryPrometheus = async (
  door: PrometheusDoor,
  query: string,
  asking: Asking,
): Promise<Told<readonly Sample[]>> => {
  const answer = await ask(
    {
      url: `${door.url.replace(/\/+$/, '')}/api/v1/query`,
      method: 'POST',
      headers: { ...door.headers, accept: 'application/json' },
      form: { query, timeout: `${door.timeoutMs}ms` },
      timeoutMs: door.timeoutMs,
      maxBytes: MOST_ANSWER_BYTES,
      longer: 'refused',
    },
    asking,
  );
  const read = samplesIn(answer);
  if (read.ok) return read;
  return { ...read, detail: withoutSecrets(read.detail, Object.values(door.headers), 300) };
};

/** Its words are still those of whoever answered. */
type Unread = Omit<Extract<Told<never>, { ok: false }>, 'detail'> & { readonly detail: string };

const samplesIn = (answer: Answer): { readonly ok: true; readonly value: readonly Sample[] } | Unread => {
  if (!answer.ok) return failed(answer.why === 'bad-answer' ? 'refused' : 'no-answer', answer.detail);
  const document = parseJson(answer.body);
  const refused = Refused.safeParse(document);
  if (refused.success) return failed('refused', `${refused.data.errorType}: ${refused.data.error}`);
  if (answer.status === 401 || answer.status === 403) return failed('login', `HTTP ${answer.status}`);
  const success = Success.safeParse(document);
  if (answer.status !== 200 || !success.success) return failed('no-prometheus', strange(answer, document));
  const raw = success.data.data.resultType === 'scalar' ? scalarIn(document) : vectorIn(document);
  const samples = raw?.map(({ labels, text }) => ({ labels, value: parseSampleValue(text) }));
  if (samples === undefined) return failed('no-prometheus', 'JSON, but no instant vector');
  const sound = samples.filter((sample): sample is Sample => sample.value !== null);
  return sound.length === samples.length
    ? { ok: true, value: sound }
    : failed('no-prometheus', 'values that are no numbers');
};

interface RawSample {
  readonly labels: Labels;
  readonly text: string;
}

const vectorIn = (document: unknown): readonly RawSample[] | undefined => {
  const vector = Vector.safeParse(document);
  return vector.success
    ? vector.data.data.result.map(({ metric, value }) => ({ labels: metric, text: value[1] }))
    : undefined;
};

const scalarIn = (document: unknown): readonly RawSample[] | undefined => {
  const scalar = Scalar.safeParse(document);
  return scalar.success ? [{ labels: {}, text: scalar.data.data.result[1] }] : undefined;
};

const strange = ({ status, contentType }: Extract<Answer, { ok: true }>, document: unknown): string => {
  if (status >= 300 && status < 400) return `HTTP ${status}, a redirect`;
  if (status !== 200) return `HTTP ${status}`;
  return document === undefined
    ? `not JSON but ${contentType || 'no content type'}`
    : 'JSON, but not that of Prometheus';
};

const failed = (why: QuestionFailure, detail: string): Unread => ({ ok: false, why, detail });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
