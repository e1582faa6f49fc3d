// Owns one instance of a service: a real server with a limit on simultaneous work and a memory of how it has done lately.
import { jsonReply, openLoopbackServer, type Reply, sendReply } from './loopback-server.ts';
import type { ServiceSpec } from './service-specs.ts';
import { createSlots } from './slots.ts';

export interface Instance {
  /** 1 is the oldest. */
  readonly number: number;
  readonly name: string;
  readonly url: URL;
  /** Remembers whether an answer was the instance's own failure. */
  record(outcome: 'good' | 'bad'): void;
  isFailing(): boolean;
  /** Takes no new requests and lets the running ones end. */
  drain(): void;
  close(): Promise<void>;
}

export interface InstanceOptions {
  readonly number: number;
  readonly spec: ServiceSpec;
  readonly work: () => Promise<Reply>;
  readonly version: () => string;
}

const REMEMBERED_OUTCOMES = 20;
const FEWEST_OUTCOMES = 5;
const FAILING_RATIO = 0.5;
const LINE_PER_SLOT = 2;

export const openInstance = async ({ number, spec, work, version }: InstanceOptions): Promise<Instance> => {
  const name = `${spec.name}-${number}`;
  const slots = createSlots({ concurrency: spec.concurrency, queueLength: spec.concurrency * LINE_PER_SLOT });
  let outcomes: readonly ('good' | 'bad')[] = [];

  const answer = async (): Promise<Reply> => {
    if (!(await slots.enter())) return jsonReply(503, { error: 'too many requests in line' });
    try {
      return await work();
    } finally {
      slots.leave();
    }
  };

  const server = await openLoopbackServer((request, response) => {
    request.resume();
    if (request.url === '/health') return sendReply(response, jsonReply(200, { status: 'ok' }));
    void answer().then((reply) =>
      sendReply(response, { ...reply, headers: { ...reply.headers, 'x-instance': name, 'x-version': version() } }),
    );
  });

  return {
    number,
    name,
    url: new URL(server.url),
    record: (outcome) => {
      outcomes = [...outcomes, outcome].slice(-REMEMBERED_OUTCOMES);
    },
    isFailing: () =>
      outcomes.length >= FEWEST_OUTCOMES &&
      outcomes.filter((outcome) => outcome === 'bad').length > outcomes.length * FAILING_RATIO,
    drain: server.drain,
    close: server.close,
  };
};
