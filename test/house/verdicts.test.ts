// Owns the proof that the verdicts over a tortured and a soaked agent find what they are there to find.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeFlatness, type Sample } from '../e2e/soak/flatness.ts';
import { type Journal, readJournal, type StoredEvent } from '../e2e/torture/journal-evidence.ts';
import { judgeJournal, judgePages } from '../e2e/torture/judge.ts';
import type { Asked } from '../e2e/torture/rough-client.ts';
import type { Received } from '../e2e/torture/yard.ts';

const NOTE = { type: 'add-note', incident: 'INC-1', text: 'words' } as const;
const asked = (result: Asked['result'], id = 'command-1'): Asked => ({
  id,
  command: NOTE,
  tries: 1,
  result,
  isAbandoned: false,
});
const acknowledged = (seq: number): Asked => asked({ ok: true, seq, subject: null });
const added: StoredEvent = { type: 'note.added', incident: 'INC-1', text: 'words' };

const journalOf = (
  ...commits: readonly (readonly [commandId: string, ...events: readonly StoredEvent[]])[]
): Journal => ({
  lines: commits.map(([commandId, ...events], index) => ({ seq: index + 1, prev: '', commandId, events })),
  problems: [],
  last: null,
});

describe('the verdict over a journal', () => {
  it('is innocent when what was acknowledged is there once, and what was not is there or not', () => {
    expect(judgeJournal(journalOf(['command-1', added]), [acknowledged(1)], [])).toEqual([]);
    expect(judgeJournal(journalOf(['command-1', added]), [asked(null)], [])).toEqual([]);
    expect(judgeJournal(journalOf(), [asked(null)], [])).toEqual([]);
  });

  it.each<[what: string, journal: Journal, one: Asked, problem: string]>([
    ['lost', journalOf(), acknowledged(1), 'acknowledged at 1, and is lost'],
    ['done twice', journalOf(['command-1', added], ['command-1', added]), acknowledged(1), 'in the journal 2 times'],
    ['elsewhere', journalOf(['other'], ['command-1', added]), acknowledged(1), 'acknowledged at 1, and is at 2'],
    ['half there', journalOf(['command-1']), acknowledged(1), 'in the journal without what it does'],
    [
      'refused and done',
      journalOf(['command-1', added]),
      asked({ ok: false, refusal: { reason: 'already-so', message: '', remedy: '' } as never }),
      'was refused (already-so), and is in the journal',
    ],
  ])('finds a command that is %s', (_, journal, one, problem) => {
    expect(judgeJournal(journal, [one], [])).toEqual([expect.stringContaining(problem)]);
  });

  it('finds an alert that was taken and is lost, and one that joined twice', () => {
    const joined: StoredEvent = { type: 'alert.joined', incident: 'INC-1', alert: { fingerprint: 'a' } };
    const taken = { fingerprint: 'a', isTaken: true };
    expect(judgeJournal(journalOf(), [], [taken])).toEqual(['alert a was taken, and is lost']);
    expect(judgeJournal(journalOf(['x', joined]), [], [taken])).toEqual([]);
    expect(judgeJournal(journalOf(['x', joined], ['y', joined]), [], [taken])).toHaveLength(1);
  });
});

describe('the verdict over pages', () => {
  const requested: StoredEvent = { type: 'page.requested', page: 'p' };
  const came = (possibleDuplicate: boolean): Received => ({
    id: 'p',
    kind: 'page',
    possibleDuplicate,
    unrecorded: false,
  });

  it.each<[what: string, journal: Journal, received: readonly Received[], problems: number]>([
    ['went out once', journalOf(['x', requested]), [came(false)], 0],
    ['went out again and said so', journalOf(['x', requested]), [came(false), came(true)], 0],
    ['went out again and did not say so', journalOf(['x', requested]), [came(false), came(false)], 1],
    ['went out unasked', journalOf(['x']), [came(false)], 1],
    ['is lost', journalOf(['x', requested]), [], 1],
    [
      'is on record as sent and never came',
      journalOf(['x', requested], ['y', { type: 'page.sent', page: 'p' }]),
      [],
      2,
    ],
  ])('of one that %s', (_, journal, received, problems) => {
    expect(judgePages(journal, received, journal.lines.length)).toHaveLength(problems);
  });
});

describe('a journal read from the disk', () => {
  const written = async (change: (lines: string[]) => void): Promise<Journal> => {
    const directory = await mkdtemp(join(tmpdir(), 'warroom-verdicts-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const lines: string[] = [];
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    for (let seq = 1; seq <= 4; seq++)
      lines.push(JSON.stringify({ v: 1, seq, prev: sha256(lines.at(-1) ?? ''), commandId: `c${seq}`, events: [] }));
    change(lines);
    await mkdir(join(directory, 'journal'));
    await writeFile(join(directory, 'journal', 'journal-000001.jsonl'), lines.map((line) => `${line}\n`).join(''));
    return readJournal(directory);
  };

  it('is sound as it was written', async () => {
    const { lines, problems, last } = await written(() => {});
    expect([lines.length, problems, last?.tornBytes]).toEqual([4, [], 0]);
  });

  it.each<[how: string, change: (lines: string[]) => void]>([
    ['changed', (lines) => void lines.splice(1, 1, (lines[1] ?? '').replace('c2', 'cx'))],
    ['dropped', (lines) => void lines.splice(1, 1)],
    ['put in', (lines) => void lines.splice(1, 0, lines[0] ?? '')],
    ['in another order', (lines) => void lines.splice(1, 2, lines[2] ?? '', lines[1] ?? '')],
  ])('is found out when a line is %s', async (_, change) => {
    expect((await written(change)).problems).not.toEqual([]);
  });
});

describe('the verdict over a soak', () => {
  const MIB = 1024 * 1024;
  const samples = (grow: (step: number) => Partial<Sample>): readonly Sample[] =>
    Array.from({ length: 16 }, (_, step) => ({
      ...{ roomHours: step, commits: 20_000 + step * 1_000, incidents: step * 50, journalBytes: step * MIB },
      ...{ heapBytes: 30 * MIB, residentBytes: 200 * MIB, files: 40, handles: 20 },
      ...grow(step),
    }));

  it('is innocent of noise, and of a growing journal', () => {
    expect(
      judgeFlatness(samples((step) => ({ heapBytes: (30 + (step % 3)) * MIB, handles: 20 + (step % 4) }))),
    ).toEqual([]);
  });

  it.each<[what: string, grow: (step: number) => Partial<Sample>, problem: string]>([
    ['heap', (step) => ({ heapBytes: (30 + step) * MIB }), 'MiB of heap more'],
    ['resident memory', (step) => ({ residentBytes: (200 + 10 * step) * MIB }), 'MiB resident more'],
    ['files', (step) => ({ files: 40 + 2 * step }), 'open files more'],
    ['handles', (step) => ({ handles: 20 + 2 * step }), 'handles more'],
  ])('finds %s that grow', (_, grow, problem) => {
    expect(judgeFlatness(samples(grow))).toEqual([expect.stringContaining(problem)]);
  });

  it('says nothing of a few samples', () => {
    expect(judgeFlatness(samples(() => ({})).slice(0, 3))).toHaveLength(1);
  });
});
