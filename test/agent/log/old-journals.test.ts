import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { replay } from '../../../src/incident/evolve.ts';
import { collected } from './drafts.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();
const fixtures = join(import.meta.dirname, 'fixtures');

/** A state directory with a journal that an older version wrote. */
const withJournalOf = (version: string): string => {
  const directory = newDirectory();
  mkdirSync(join(directory, 'journal'), { recursive: true });
  copyFileSync(join(fixtures, `journal-${version}.jsonl`), join(directory, 'journal', 'journal-000001.jsonl'));
  return directory;
};

const rewritten = (directory: string, change: (text: string) => string): void => {
  const path = join(directory, 'journal', 'journal-000001.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const last = lines.pop() ?? '';
  writeFileSync(path, `${[...lines, change(last)].join('\n')}\n`);
};

it.each(['0.1', '0.2'])(
  'what version %s wrote folds to the same incident as ever, with what is new in it',
  async (version) => {
    const log = await openFileEventLog({ directory: withJournalOf(version) });
    const commits = await collected(log.read(1));
    const room = replay(commits);
    const incident = room.incidents['INC-2026-0001'];
    expect(incident).toMatchObject({
      phase: 'closed',
      severity: 'SEV1',
      people: null,
      roles: { commander: { person: 'ana' } },
      notes: { N1: { text: 'looks like the release of 09:58' } },
      actions: { A1: { state: { name: 'undone', by: 'A2' } }, A2: { state: { name: 'applied' } } },
    });
    expect(room.incidents['INC-2026-0002']).toMatchObject({ title: 'payments slow', phase: 'triage', people: null });
    const events = commits.flatMap((commit) => commit.events);
    expect(events.filter((event) => event.type === 'log.resumed')).toEqual([{ type: 'log.resumed', held: 0 }]);
    expect(events.filter((event) => event.type === 'incident.declared').map((event) => event.people)).toEqual([
      null,
      null,
    ]);
    await log.close();
  },
);

it('goes on in a journal of an older version, and what it adds carries its version', async () => {
  const directory = withJournalOf('0.1');
  const log = await openFileEventLog({ directory });
  const draft = { at: '2026-11-23T11:00:00.000Z', commandId: 'next', actor: { kind: 'agent', name: 'room' } } as const;
  await log.append(log.head().seq, { ...draft, events: [{ type: 'log.resumed', held: 3 }] });
  const commits = await collected(log.read(log.head().seq));
  expect(commits.map(({ events }) => events)).toEqual([[{ type: 'log.resumed', held: 3 }]]);
  await log.close();
  const last = readFileSync(join(directory, 'journal', 'journal-000001.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .at(-1);
  expect(JSON.parse(last ?? '').events).toEqual([{ v: 2, type: 'log.resumed', held: 3 }]);
});

it.each([
  [
    'an event of a version that is not known yet',
    { v: 99, type: 'incident.declared' },
    /incident\.declared of version 99, this one knows 2/,
  ],
  ['an event that is not known yet', { type: 'moon.landed' }, /moon\.landed, which this version does not know/],
  [
    'an event named like what every object has',
    { type: 'constructor' },
    /constructor, which this version does not know/,
  ],
])('never guesses at %s', async (_what, event, words) => {
  const directory = withJournalOf('0.2');
  rewritten(directory, (line) => JSON.stringify({ ...JSON.parse(line), events: [event] }));
  await expect(openFileEventLog({ directory })).rejects.toMatchObject({
    code: 'journal-damaged',
    message: expect.stringMatching(words),
  });
});
