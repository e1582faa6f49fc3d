// Owns measuring the durable append of the log, alone and under 64 writers, against the bare disk.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openFileEventLog } from '../src/agent/log/file-event-log.ts';
import type { CommitDraft } from '../src/incident/commit.ts';
import { safeText } from '../src/incident/text.ts';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { appendBatches, appendBatchesWithPromises, linesAfter } from './limits/bare-append.ts';
import { median, quantile } from './measure.ts';

const WRITERS = [1, 64] as const;
const WARM_UP_ROUNDS = 4;

/** About 400 bytes as a line of the journal. */
const note = (number: number): CommitDraft => ({
  at: '2026-11-22T03:00:00.000Z',
  commandId: `bench-${String(number).padStart(12, '0')}`,
  actor: { kind: 'person', name: 'ana' },
  events: [
    {
      type: 'note.added',
      incident: 'INC-2026-0042',
      note: `N${number}`,
      text: safeText('release 2026.11.22-3 went out four minutes before onset; '.repeat(2)),
    },
  ],
});

interface Round {
  /** From the call to the acknowledgement, one for each append. */
  readonly appendMs: readonly number[];
  /** How many appends became durable together, in order. */
  readonly batches: readonly number[];
  readonly wallMs: number;
}

type Log = Awaited<ReturnType<typeof openFileEventLog>>;

const oursRound = async (log: Log, writers: number, appends: number): Promise<Round> => {
  const appendMs: number[] = [];
  const batches: number[] = [];
  let seq = log.head().seq;
  let left = appends;
  let together = 0;
  const acknowledged = (): void => {
    together += 1;
    if (together > 1) return;
    // All of one sync are acknowledged in one turn of the event loop.
    void setImmediate().then(() => {
      batches.push(together);
      together = 0;
    });
  };
  const write = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const draft = note(seq);
      const startedAt = performance.now();
      const result = await log.append(seq++, draft);
      appendMs.push(performance.now() - startedAt);
      if (!result.ok) throw new Error(`an append failed: ${result.reason}`);
      acknowledged();
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: writers }, write));
  const wallMs = performance.now() - startedAt;
  await setImmediate();
  await setImmediate();
  return { appendMs, batches, wallMs };
};

const perSecond = (appends: number, wallMs: number): string => `${Math.round((appends / wallMs) * 1_000)}/s`;

const measure = async (writers: number, { isQuick, directory }: Effort): Promise<Row> => {
  // Many short rounds: a disk that is busy for a while is busy for both.
  const rounds = isQuick ? 20 : 80;
  const appends = writers === 1 ? 50 : writers * 20;
  const path = join(directory, `${writers}`);
  const log = await openFileEventLog({ directory: path });
  const ours: number[] = [];
  const limit: number[] = [];
  const promised: number[] = [];
  const batchSizes: number[] = [];
  const wall = { ours: 0, limit: 0 };
  let journalBytes = 0;
  let lineBytes = 0;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const our = await oursRound(log, writers, appends);
    const lines = await linesAfter(log.path, journalBytes);
    const roundBytes = lines.reduce((sum, line) => sum + line.length, 0);
    journalBytes += roundBytes;
    const bare = appendBatches(join(path, 'bare.jsonl'), lines, our.batches);
    const withPromises = await appendBatchesWithPromises(join(path, 'promised.jsonl'), lines, our.batches);
    if (round < 0) continue;
    ours.push(...our.appendMs);
    limit.push(...bare);
    promised.push(...withPromises);
    batchSizes.push(...our.batches);
    wall.ours += our.wallMs;
    wall.limit += bare.reduce((sum, ms) => sum + ms, 0);
    lineBytes = roundBytes / lines.length;
  }
  await log.close();
  return {
    name: `append, ${writers} ${writers === 1 ? 'writer' : 'writers'}`,
    ours,
    limit,
    against: writers === 1 ? 'write + fdatasync of the same line' : 'write + fdatasync of the same lines, same batches',
    note:
      `${perSecond(appends * rounds, wall.ours)} against ${perSecond(appends * rounds, wall.limit)}; lines of ${Math.round(lineBytes)} bytes, ` +
      `${median(batchSizes)} a sync; the limit blocks its thread: with promises it takes ${median(promised).toFixed(3)} ms, p99 ${quantile(promised, 0.99).toFixed(2)} ms`,
  };
};

export const append: Benchmark = {
  name: 'append',
  about: 'a commit handed to the log until it is durable',
  run: async (effort) => {
    const rows: Row[] = [];
    for (const writers of WRITERS) rows.push(await measure(writers, effort));
    return { kind: 'measured', rows };
  },
};
