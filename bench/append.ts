// Owns measuring the durable append of the log, alone and under 64 writers, against the bare disk, bare hashed lines and SQLite.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../src/agent/clock.ts';
import { openAgentKey } from '../src/agent/log/agent-key.ts';
import { openFileEventLog } from '../src/agent/log/file-event-log.ts';
import type { Commit, CommitDraft } from '../src/incident/commit.ts';
import { safeText } from '../src/incident/text.ts';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { appendBatches, inBatches } from './limits/bare-append.ts';
import { openHashedLines } from './limits/hashed-append.ts';
import { openSqliteRows } from './limits/sqlite-append.ts';
import { median } from './measure.ts';

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

/** Resolves once it is durable. */
type Append = (draft: CommitDraft) => Promise<void>;

interface Round {
  /** From the call to the acknowledgement, one for each append. */
  readonly appendMs: readonly number[];
  /** How many appends became durable together, in order. */
  readonly batches: readonly number[];
  readonly wallMs: number;
}

/** As many writers as that, each of which appends again once it was acknowledged. */
const race = async (append: Append, writers: number, appends: number): Promise<Round> => {
  const appendMs: number[] = [];
  const batches: number[] = [];
  let begun = 0;
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
    while (begun < appends) {
      begun += 1;
      const draft = note(begun);
      const startedAt = performance.now();
      await append(draft);
      appendMs.push(performance.now() - startedAt);
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

/** The log as an agent opens it. */
const openOurs = async (directory: string) => {
  const log = await openFileEventLog({
    directory,
    signing: { key: await openAgentKey(directory), after: systemClock().after },
  });
  let seq = 0;
  const append = async (draft: CommitDraft): Promise<Commit> => {
    const appended = await log.append(seq++, draft);
    if (!appended.ok) throw new Error(`an append failed: ${appended.reason}`);
    return appended.commit;
  };
  return { append, close: log.close };
};

const lineOf = (commit: Commit): Buffer => Buffer.from(`${JSON.stringify(commit)}\n`);

const NAMES = ['ours', 'hashed', 'bare', 'grouped', 'single'] as const;

interface Measured {
  /** Milliseconds until an append, or the batch that held it, was durable. */
  readonly samples: Readonly<Record<(typeof NAMES)[number], readonly number[]>>;
  readonly note: string;
}

const measure = async (writers: number, { isQuick, directory }: Effort): Promise<Measured> => {
  // Many short rounds: a disk that is busy for a while is busy for all.
  const rounds = isQuick ? 20 : 80;
  const appends = writers === 1 ? 50 : writers * 20;
  const path = join(directory, `${writers}`);
  await mkdir(path);
  const log = await openOurs(path);
  const hashed = await openHashedLines(join(path, 'hashed.jsonl'));
  const database = openSqliteRows(join(path, 'rows.sqlite'));
  const samples = { ours: [], hashed: [], bare: [], grouped: [], single: [] } as Record<
    (typeof NAMES)[number],
    number[]
  >;
  const wallMs = { ours: 0, hashed: 0 };
  const batchSizes: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const commits: Commit[] = [];
    const raceOurs = () => race(async (draft) => void commits.push(await log.append(draft)), writers, appends);
    const raceHashed = () => race(hashed.append, writers, appends);
    const isFirst = round % 2 === 0;
    const early = isFirst ? null : await raceHashed();
    const ours = await raceOurs();
    const theirs = early ?? (await raceHashed());
    const batches = inBatches(commits.map(lineOf), ours.batches);
    const took = {
      ...{ ours: ours.appendMs, hashed: theirs.appendMs },
      bare: appendBatches(join(path, 'bare.jsonl'), batches),
      grouped: database.insert(batches, 'one for all'),
      // Two are enough: 64 transactions take as long as 64 syncs.
      single: database.insert(writers === 1 ? batches : batches.slice(0, 2), 'one each'),
    };
    if (round < 0) continue;
    for (const name of NAMES) samples[name].push(...took[name]);
    wallMs.ours += ours.wallMs;
    wallMs.hashed += theirs.wallMs;
    batchSizes.push(...ours.batches);
  }
  await log.close();
  await hashed.close();
  database.close();
  const perSecond = (ms: number): string => `${Math.round((appends * rounds * 1_000) / ms)}/s`;
  return {
    samples,
    note: `${perSecond(wallMs.ours)} against ${perSecond(wallMs.hashed)} of the hashed lines; ${median(batchSizes)} a sync`,
  };
};

const rowsOf = (writers: number, { samples, note }: Measured): readonly Row[] => {
  const row = (limit: keyof Measured['samples'], against: string): Row => ({
    name: `append, ${writers} ${writers === 1 ? 'writer' : 'writers'}`,
    ours: samples.ours,
    limit: samples[limit],
    against,
    note: limit === 'hashed' ? note : '',
  });
  return [
    row('hashed', 'bare hashed lines, grouped the same way'),
    row('bare', 'write + fdatasync of the same bytes, blocking'),
    row('single', 'SQLite, WAL synchronous=FULL, a transaction each'),
    ...(writers === 1 ? [] : [row('grouped', 'SQLite, the same batches in one transaction')]),
  ];
};

export const append: Benchmark = {
  name: 'append',
  about: 'a commit handed to the log until it is durable',
  run: async (effort) => {
    const rows: Row[] = [];
    for (const writers of WRITERS) rows.push(...rowsOf(writers, await measure(writers, effort)));
    return { kind: 'measured', rows };
  },
};
