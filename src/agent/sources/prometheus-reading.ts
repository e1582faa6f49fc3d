// Owns the judgement of Prometheus's answers: a number only where everything it rests on is there and fresh, else why not.
import { known, type Reading, type ServiceReading, unknown } from '../../incident/signals.ts';
import { SECOND, type Timestamp } from '../../incident/time.ts';
import type { QueryAnswer, VectorSample } from './prometheus-answer.ts';
import type { QueryName } from './prometheus-query.ts';

/** What was asked and answered in one poll; a query that is not configured is not there. */
export type PollAnswers = ReadonlyMap<QueryName, QueryAnswer>;

export interface Judged {
  readonly service: string;
  readonly labelValue: string;
  readonly staleAfterMs: number;
  readonly at: Timestamp;
}

export const readService = (answers: PollAnswers, judged: Judged): ServiceReading => {
  const requests = readRequests(answers, judged);
  return {
    service: judged.service,
    at: judged.at,
    requestsPerSecond: requests,
    errorRatio: readErrorRatio(answers, judged, requests),
    p95Seconds: readP95(answers, judged, requests),
  };
};

const readRequests = (answers: PollAnswers, judged: Judged): Reading => {
  const answer = sampleOf(answers, 'requests', judged);
  if (!answer.ok) return answer.reading;
  // The series is fresh, else `sampleOf` had said so: a rate needs a second sample.
  return answer.sample === null ? unknown('not-yet-measured') : finite(answer.sample);
};

const readErrorRatio = (answers: PollAnswers, judged: Judged, requests: Reading): Reading => {
  const answer = sampleOf(answers, 'errorRatio', judged);
  if (!answer.ok) return answer.reading;
  // Without the request rate nobody can tell a clean service from an idle one.
  if (answers.get('requests')?.ok === false) return unknown('partial');
  if (!requests.known) return requests;
  if (requests.value === 0) return unknown('idle');
  if (answer.sample === null) return unknown('missing');
  const ratio = finite(answer.sample);
  // Two rates of differently old series are extrapolated differently and may pass 1 by a hair.
  return ratio.known ? known(Math.min(1, ratio.value)) : ratio;
};

const readP95 = (answers: PollAnswers, judged: Judged, requests: Reading): Reading => {
  const answer = sampleOf(answers, 'p95', judged);
  if (!answer.ok) return answer.reading;
  if (requests.known && requests.value === 0) return unknown('idle');
  if (answer.sample === null) return unknown(requests.known ? 'missing' : 'not-yet-measured');
  return finite(answer.sample);
};

type SampleAnswer =
  | { readonly ok: true; readonly sample: VectorSample | null }
  | { readonly ok: false; readonly reading: Reading };

/** The sample of one query, once the query, its completeness and the freshness of the series hold. */
const sampleOf = (answers: PollAnswers, name: QueryName, judged: Judged): SampleAnswer => {
  const refuse = (why: Parameters<typeof unknown>[0]): SampleAnswer => ({ ok: false, reading: unknown(why) });
  const answer = answers.get(name);
  const freshness = answers.get('freshness');
  if (answer === undefined || freshness === undefined) return refuse('not-configured');
  if (!answer.ok) return refuse(answer.why);
  if (!freshness.ok || answer.warning !== null || freshness.warning !== null) return refuse('partial');
  const sample = answer.samples.get(judged.labelValue) ?? null;
  const newest = freshness.samples.get(judged.labelValue);
  // A rate outlives its series by up to a window: a vanished target still has a number, and it means nothing any more.
  if (newest === undefined) return refuse(sample === null ? 'missing' : 'stale');
  const ageMs = (newest.evaluatedAtSeconds - newest.value) * SECOND;
  return ageMs <= judged.staleAfterMs ? { ok: true, sample } : refuse('stale');
};

const finite = ({ value }: VectorSample): Reading => (Number.isFinite(value) ? known(value) : unknown('not-a-number'));
