import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/agent/archive/archive.ts';
import { auditState } from '../../../src/agent/audit/audit-state.ts';
import { auditExport, exportAudit } from '../../../src/agent/audit/export.ts';
import { openAgentKey } from '../../../src/agent/log/agent-key.ts';
import { systemDisk } from '../../../src/agent/log/disk.ts';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { signHead } from '../../../src/agent/log/signed-head.ts';
import { STATE_SHAPE } from '../../../src/agent/state-shape.ts';
import { archivedIncidents, written } from '../../support/logged-room.ts';
import { roomUnderTest } from '../../support/room.ts';
import { temporaryDirectories } from '../log/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const journalIn = (directory: string): string => join(directory, 'journal', 'journal-000001.jsonl');
let sound: string;
let commits = 0;

beforeAll(async () => {
  sound = newDirectory();
  const room = roomUnderTest();
  const left = archivedIncidents(room, 2);
  room.declares();
  commits = room.commits().length;
  await written(sound, room);
  const log = await openFileEventLog({ directory: sound });
  const archive = openArchive({ disk: systemDisk, stateDirectory: sound, room: room.room, readLog: () => log.read(1) });
  for (const incident of left) await archive.keep(incident);
  await log.close();
});

const copied = (): string => {
  const directory = newDirectory();
  cpSync(sound, directory, { recursive: true });
  return directory;
};

type Change = (lines: string[]) => void;
const changed =
  (index: number, change: (line: string) => string): Change =>
  (lines) => {
    lines[index] = change(lines[index] ?? '');
  };

/** What somebody may do to a record, and the first line at which it shows. `from` is where its lines begin, 1 or 2. */
const tampering = (from: number): readonly (readonly [string, Change, RegExp])[] => {
  const at = (line: number): number => line - 1 + (from - 1);
  const shown = (line: number): string => String(line + from - 1);
  return [
    [
      'a changed word',
      changed(at(3), (line) => line.replace('no harm', 'no Harm')),
      RegExp(`:${shown(4)}: it does not continue`),
    ],
    [
      'a flipped bit in a time',
      changed(at(2), (line) => line.replace('2026', '2024')),
      RegExp(`:${shown(3)}: it does not continue`),
    ],
    ['a line left out', (lines) => void lines.splice(at(4), 1), RegExp(`:${shown(4)}: it is commit 5 where 4 belongs`)],
    [
      'a line put in',
      (lines) => void lines.splice(at(4), 0, lines[at(3)] ?? ''),
      RegExp(`:${shown(4)}: it is commit 3 where 4 belongs`),
    ],
    [
      'two lines changed over',
      (lines) => void lines.splice(at(2), 2, lines[at(3)] ?? '', lines[at(2)] ?? ''),
      RegExp(`:${shown(2)}: it is commit 3 where 2 belongs`),
    ],
    ['a line that is not JSON', changed(at(2), () => '{'), RegExp(`:${shown(2)}: it is not JSON`)],
    ['the last line left out', (lines) => void lines.pop(), /ends at|it ends at commit/],
    [
      'a changed last line',
      (lines) => lines.push((lines.pop() ?? '').replace('"ana"', '"eve"')),
      /not the one that was signed|is what was signed/,
    ],
    [
      'another beginning',
      changed(at(1), (line) => line.replace('"prev":"', '"prev":"0')),
      RegExp(`:${shown(1)}: it does not continue`),
    ],
  ];
};

const rewritten = (path: string, change: Change): void => {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  change(lines);
  writeFileSync(path, `${lines.join('\n')}\n`);
};

describe('an audit of a state directory', () => {
  it('proves the journal, its signature and every archive', async () => {
    expect(await auditState(systemDisk, sound)).toMatchObject({
      head: { seq: commits },
      segments: 1,
      signed: { seq: commits },
      torn: null,
      archives: 2,
      archiveProblems: [],
    });
  });

  it.each(tampering(1))('finds %s, and names the first bad line', async (_what, change, words) => {
    const directory = copied();
    rewritten(journalIn(directory), change);
    await expect(auditState(systemDisk, directory)).rejects.toMatchObject({
      code: 'journal-damaged',
      message: expect.stringMatching(words),
    });
  });

  it('finds a changed archive by the journal, and one that is missing', async () => {
    const directory = copied();
    const path = join(directory, 'archive', 'INC-2026-0001.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('note of', 'word of'));
    rmSync(join(directory, 'archive', 'INC-2026-0002.json'));
    expect(await auditState(systemDisk, directory)).toMatchObject({
      archives: 0,
      archiveProblems: [
        expect.stringMatching(/INC-2026-0001.json is not what the journal says/),
        expect.stringMatching(/INC-2026-0002.json is missing/),
      ],
    });
  });

  const cardsIn = (directory: string): string => join(directory, 'archive', `cards-${STATE_SHAPE}.jsonl`);

  it.each<[string, Change]>([
    ['a changed card', changed(0, (line) => line.replace('checkout fails', 'nothing happened'))],
    ['a dropped card', (lines) => lines.shift()],
    ['cards in another order', (lines) => lines.reverse()],
    ['a made-up card', (lines) => lines.push((lines[0] ?? '').replace('INC-2026-0001', 'INC-2026-0099'))],
    ['a line that is no card', (lines) => lines.push('{"id":')],
  ])('finds %s in the list of what was archived', async (_what, change) => {
    const directory = copied();
    rewritten(cardsIn(directory), change);
    expect(await auditState(systemDisk, directory)).toMatchObject({
      archives: 2,
      archiveProblems: [expect.stringMatching(/cards-\d+.jsonl is not what the journal says/)],
    });
  });

  it('finds that the list of what was archived is missing', async () => {
    const directory = copied();
    rmSync(cardsIn(directory));
    expect(await auditState(systemDisk, directory)).toMatchObject({
      archiveProblems: [expect.stringMatching(/cards-\d+.jsonl is missing/)],
    });
  });

  it('takes the card of an incident that was about to leave for none of its business', async () => {
    const directory = copied();
    rewritten(cardsIn(directory), (lines) => {
      lines.splice(1, 0, (lines[0] ?? '').replace('INC-2026-0001', 'INC-2026-0003'));
    });
    expect(await auditState(systemDisk, directory)).toMatchObject({ archives: 2, archiveProblems: [] });
  });

  it('holds nothing against an archive of an older form, and does not count it as proved', async () => {
    const directory = copied();
    const path = join(directory, 'archive', 'INC-2026-0001.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"shape":\d+/, '"shape":1'));
    expect(await auditState(systemDisk, directory)).toMatchObject({ archives: 1, archiveProblems: [] });
  });

  it('takes a last line without an end for one that is being written', async () => {
    const directory = copied();
    writeFileSync(journalIn(directory), `${readFileSync(journalIn(directory), 'utf8')}{"v":1,"se`);
    expect(await auditState(systemDisk, directory)).toMatchObject({
      head: { seq: commits },
      torn: { line: commits + 1, bytes: 10 },
    });
  });
});

describe('an exported audit file', () => {
  const exported = async (): Promise<string> => {
    const file = join(newDirectory(), 'audit.jsonl');
    await exportAudit(systemDisk, sound, file);
    return file;
  };

  it('proves itself without the state directory', async () => {
    const { publicKey } = await openAgentKey(sound);
    expect(await auditExport(systemDisk, await exported())).toMatchObject({ seq: commits, key: publicKey });
  });

  it.each(tampering(2))('shows %s', async (_what, change, words) => {
    const file = await exported();
    rewritten(file, change);
    await expect(auditExport(systemDisk, file)).rejects.toMatchObject({ message: expect.stringMatching(words) });
  });

  it('shows a forged end: whoever cuts it cannot sign it', async () => {
    const file = await exported();
    rewritten(file, (lines) => {
      const { head, ...rest } = JSON.parse(lines[0] ?? '');
      lines[0] = JSON.stringify({ ...rest, head: { ...head, seq: head.seq - 1 } });
      lines.pop();
    });
    await expect(auditExport(systemDisk, file)).rejects.toMatchObject({
      message: expect.stringMatching(/:1: its signature does not fit/),
    });
  });

  it('signed by another key is sound by itself, and says whose key it was', async () => {
    const file = await exported();
    const other = await openAgentKey(newDirectory());
    rewritten(file, (lines) => {
      const { head, ...rest } = JSON.parse(lines[0] ?? '');
      lines[0] = JSON.stringify({ ...rest, head: signHead(head, other) });
    });
    expect((await auditExport(systemDisk, file)).key).toBe(other.publicKey);
  });

  it.each([
    ['empty', '', /the file is empty/],
    ['something else', 'hello\n', /:1: it is not the signed head/],
    ['cut in a line', '{"warroom":"audit"', /:1: it is cut short/],
  ])('that is %s is refused with words', async (_what, text, words) => {
    const file = join(newDirectory(), 'audit.jsonl');
    writeFileSync(file, text);
    await expect(auditExport(systemDisk, file)).rejects.toMatchObject({ message: expect.stringMatching(words) });
  });
});
