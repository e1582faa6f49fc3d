// Owns measuring how the real server tells many clients of an event: as fast as it goes, and one now and then, against a bare server of ws.
import type { Announced, Announcing } from './announcing.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { type Child, startChild, whileRunning } from './child.ts';
import { median } from './measure.ts';
import { processorMs } from './processor-time.ts';
import type { Heard, Hearing } from './programs/listeners.ts';

interface Size {
  readonly clients: number;
  /** As many as make a round long enough to be timed. */
  readonly burst: number;
  /** Far from what the server can do, so that nothing waits. */
  readonly paced: Announcing;
}

const SIZES: readonly Size[] = [
  { clients: 10, burst: 500, paced: { events: 40, everyMs: 4 } },
  { clients: 100, burst: 100, paced: { events: 20, everyMs: 10 } },
  { clients: 1_000, burst: 10, paced: { events: 5, everyMs: 60 } },
];
const WARM_UP_ROUNDS = 1;

interface Stage {
  readonly announcer: Child<unknown>;
  readonly listeners: Child<unknown>;
}

interface Round {
  readonly eventMs: number;
  /** Of the server alone, for an event. */
  readonly processorMs: number;
  readonly deliveryMs: readonly number[];
}

const announce = async ({ announcer, listeners }: Stage, order: Announcing): Promise<Round> => {
  const processorBeforeMs = await processorMs(announcer.pid);
  const [{ firstAtMs }, { lastAtMs, deliveryMs }] = await Promise.all([
    announcer.ask<Announced>(order),
    listeners.ask<Heard>({ events: order.events } satisfies Hearing),
  ]);
  const tookMs = (await processorMs(announcer.pid)) - processorBeforeMs;
  return { eventMs: (lastAtMs - firstAtMs) / order.events, processorMs: tookMs / order.events, deliveryMs };
};

interface Samples {
  readonly eventMs: number[];
  readonly processorMs: number[];
  readonly deliveryMs: number[];
}

const rowsOf = ({ clients }: Size, ours: Samples, limit: Samples): readonly Row[] => {
  const perSecond = ({ eventMs }: Samples): string => `${Math.round(1_000 / median(eventMs))}/s`;
  const against = 'bare ws broadcast, encoded once';
  return [
    {
      name: `broadcast to ${clients}, one after the other`,
      ours: ours.eventMs,
      limit: limit.eventMs,
      against,
      note: `events of 500 bytes: ${perSecond(ours)} against ${perSecond(limit)}`,
    },
    {
      name: `broadcast to ${clients}, on the processor`,
      ours: ours.processorMs,
      limit: limit.processorMs,
      against,
      note: 'what the server used of a processor for each event, however busy the machine is',
    },
    {
      name: `broadcast to ${clients}, until it is there`,
      ours: ours.deliveryMs,
      limit: limit.deliveryMs,
      against,
      note: '',
    },
  ];
};

const measure = async (size: Size, rounds: number, stages: { readonly ours: Stage; readonly limit: Stage }) => {
  const none = (): Samples => ({ eventMs: [], processorMs: [], deliveryMs: [] });
  const samples = { ours: none(), limit: none() };
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const)) {
      const burst = await announce(stages[side], { events: size.burst, everyMs: 0 });
      const { deliveryMs } = await announce(stages[side], size.paced);
      if (round < 0) continue;
      samples[side].eventMs.push(burst.eventMs);
      samples[side].processorMs.push(burst.processorMs);
      for (const ms of deliveryMs) samples[side].deliveryMs.push(ms);
    }
  }
  return rowsOf(size, samples.ours, samples.limit);
};

const onStage = async <Result>(
  program: string,
  clients: number,
  greeting: readonly string[],
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> => {
  const announcer = await startChild<{ readonly url: string }>(new URL(program, import.meta.url));
  return whileRunning(announcer, async ({ url }) => {
    const listeners = await startChild(new URL('programs/listeners.ts', import.meta.url), [
      url,
      `${clients}`,
      ...greeting,
    ]);
    return whileRunning(listeners, () => work({ announcer, listeners }));
  });
};

export const broadcast: Benchmark = {
  name: 'broadcast',
  about: 'an event of 500 bytes from the real server to 10, 100 and 1,000 clients',
  run: async ({ isQuick }) => {
    const rows: Row[] = [];
    for (const size of SIZES) {
      const measured = await onStage('programs/announcer.ts', size.clients, ['hello'], (ours) =>
        onStage('limits/announcer.ts', size.clients, [], (limit) => measure(size, isQuick ? 4 : 24, { ours, limit })),
      );
      rows.push(...measured);
    }
    return { kind: 'measured', rows };
  },
};
