// Owns reading what Prometheus, or whatever stands in its place, answers to an instant query.
import * as z from 'zod/mini';
import type { Answer, AskFailure } from './ask.ts';
import { parseSampleValue } from './exposition.ts';

export interface VectorSample {
  readonly value: number;
  /** When Prometheus evaluated, by its own clock, in seconds. */
  readonly evaluatedAtSeconds: number;
}

export type QueryAnswer =
  /** `warning` is not null where Prometheus itself says the answer may be incomplete. */
  | { readonly ok: true; readonly samples: ReadonlyMap<string, VectorSample>; readonly warning: string | null }
  | { readonly ok: false; readonly why: AskFailure; readonly detail: string };

const Refused = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });
const Vector = z.object({
  status: z.literal('success'),
  warnings: z.optional(z.array(z.string())),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** Takes an HTTP answer; returns one sample for each value of `label`. Samples may be NaN or infinite: the caller judges. */
export const readVector = (answer: Answer, label: string): QueryAnswer => {
  if (!answer.ok) return answer;
  const document = parseJson(answer.body);
  const refused = Refused.safeParse(document);
  if (refused.success) {
    const { errorType, error } = refused.data;
    return { ok: false, why: errorType === 'timeout' ? 'timeout' : 'bad-answer', detail: `${errorType}: ${error}` };
  }
  if (answer.status !== 200) return { ok: false, why: 'bad-answer', detail: `HTTP ${answer.status}` };
  const vector = Vector.safeParse(document);
  if (!vector.success) return { ok: false, why: 'bad-answer', detail: strangeAnswer(document, answer.contentType) };
  const samples = new Map<string, VectorSample>();
  for (const { metric, value } of vector.data.data.result) {
    const labelValue = Object.hasOwn(metric, label) ? metric[label] : undefined;
    const number = parseSampleValue(value[1]);
    if (number === null) return { ok: false, why: 'bad-answer', detail: `"${value[1]}" where a number belongs` };
    if (labelValue !== undefined) samples.set(labelValue, { value: number, evaluatedAtSeconds: value[0] });
  }
  return { ok: true, samples, warning: vector.data.warnings?.[0] ?? null };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const strangeAnswer = (document: unknown, contentType: string): string =>
  document === undefined ? `not JSON but ${contentType || 'no content type'}` : 'JSON, but not an instant vector';
