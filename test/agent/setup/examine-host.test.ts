import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  examineAgainstJournal,
  examineAgentClock,
  examineJump,
  examineTimeServer,
} from '../../../src/agent/setup/examine-clock.ts';
import { examineDisk } from '../../../src/agent/setup/examine-disk.ts';
import { examinePrivateFiles, examineTlsKey } from '../../../src/agent/setup/examine-private-files.ts';
import type { Finding } from '../../../src/agent/setup/finding.ts';
import { temporaryDirectories } from '../log/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const told = (findings: readonly Finding[]): readonly string[] => findings.map(({ state, what }) => `${state} ${what}`);

/** A host on which those programs say that. */
const saying = (answers: Readonly<Record<string, string>>) => async (program: string) => answers[program] ?? null;

describe('the clock of this host', () => {
  const tracking = (stratum: number, offset: string): string =>
    `A29FC87B,time.example,${stratum},1800000000.1,${offset},0.1,0.1,-1.2,0.0,0.01,0.02,0.01,64.4,Normal\n`;

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['kept by systemd', { timedatectl: 'yes\n' }, 'ok .* follows a time server'],
    ['kept by nobody', { timedatectl: 'no\n' }, 'warn .* follows no time server'],
    ['kept by chrony, whatever systemd thinks', { timedatectl: 'no\n', chronyc: tracking(3, '0.000012') }, 'ok'],
    ['far off', { chronyc: tracking(3, '-2.5') }, 'warn chrony says .* -2.5 s off'],
    ['with a chrony that has found nobody', { timedatectl: 'no\n', chronyc: tracking(0, '0.0') }, 'warn'],
    ['nobody says anything about', {}, 'ok nothing here says'],
    ['of which nonsense is said', { timedatectl: 'maybe', chronyc: 'x' }, 'ok nothing here says'],
  ])('%s', async (_what, answers, words) => {
    expect(told(await examineTimeServer(saying(answers)))).toEqual([expect.stringMatching(`^${words}`)]);
  });

  it('that is set while it is looked at is told', () => {
    const before = { nowMs: 1_000_000, elapsedMs: 50 };
    expect(examineJump(before, { nowMs: 1_003_000, elapsedMs: 3_050 })).toEqual([]);
    expect(told(examineJump(before, { nowMs: 1_063_000, elapsedMs: 3_050 }))).toEqual([
      "warn this host's clock was set 60.0 s forward while it was looked at",
    ]);
    expect(told(examineJump(before, { nowMs: 943_000, elapsedMs: 3_050 }))[0]).toContain('60.0 s back');
  });

  it('that is behind the journal is a failure, and one that is ahead of it is time gone by', () => {
    expect(examineAgainstJournal(1_000, 1_000_000)).toEqual([]);
    expect(examineAgainstJournal(1_001_500, 1_000_000)).toEqual([]);
    expect(examineAgainstJournal(1_090_000, 1_000_000)).toMatchObject([
      { state: 'fail', about: 'clock', what: expect.stringContaining('90.0 s ahead') },
    ]);
  });

  it('is compared with that of the agent as far as whole seconds tell', () => {
    const at = (iso: string) => ({ askedMs: Date.parse(iso), answeredMs: Date.parse(iso) + 400 });
    const date = 'Sun, 22 Nov 2026 03:15:10 GMT';
    expect(examineAgentClock(date, at('2026-11-22T03:15:10.900Z'))).toEqual([]);
    expect(examineAgentClock(date, at('2026-11-22T03:15:12.900Z'))).toEqual([]);
    expect(told(examineAgentClock(date, at('2026-11-22T03:15:40.000Z')))).toEqual([
      "warn the agent's clock is 29 s behind this host's",
    ]);
    expect(told(examineAgentClock(date, at('2026-11-22T03:14:10.000Z')))[0]).toMatch('60 s ahead of');
    expect(examineAgentClock('', at('2026-11-22T03:15:10Z'))).toEqual([]);
  });
});

describe('the disk of a state directory', () => {
  it('says how much room there is and how long a write takes, and leaves nothing behind', async () => {
    const directory = newDirectory();
    const findings = await examineDisk(directory);
    expect(told(findings)).toContainEqual(expect.stringMatching(/^(?:ok|warn) \d+ MiB are free/));
    expect(told(findings)).toContainEqual(expect.stringMatching(/a write is durable after [\d.]+ ms/));
    expect(readdirSync(directory)).toEqual([]);
  });

  it('that is not there yet is judged by the one it will be on, without a write', async () => {
    const directory = newDirectory();
    const findings = await examineDisk(join(directory, 'a', 'b'));
    expect(told(findings)).toEqual([expect.stringMatching(/MiB are free/)]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('in memory would be lost', async () => {
    expect(told(await examineDisk('/dev/shm'))).toContainEqual(expect.stringMatching(/^warn .*tmpfs/));
  });
});

describe('the private files', () => {
  it('are told of, each with its fix, where others may read them', async () => {
    const directory = newDirectory();
    for (const name of ['token', 'tokens.json', 'agent-key.pem'])
      writeFileSync(join(directory, name), 'x', { mode: 0o600 });
    expect(await examinePrivateFiles(directory)).toEqual([]);
    chmodSync(join(directory, 'tokens.json'), 0o640);
    chmodSync(join(directory, 'agent-key.pem'), 0o604);
    expect(await examinePrivateFiles(directory)).toMatchObject([
      { state: 'fail', what: expect.stringContaining('tokens.json'), fix: expect.stringContaining('chmod 600') },
      { state: 'fail', what: expect.stringContaining('agent-key.pem'), fix: expect.stringContaining('chmod 600') },
    ]);
    expect(await examinePrivateFiles(join(directory, 'none'))).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('that another user left behind are named, with the way to take them', async () => {
    const directory = newDirectory();
    chownSync(directory, 1_234, 1_234);
    mkdirSync(join(directory, 'journal'));
    chownSync(join(directory, 'journal'), 1_234, 1_234);
    expect(told(await examinePrivateFiles(directory))).toEqual([expect.stringMatching(/belongs to user 1234.*root/)]);
    writeFileSync(join(directory, 'journal', 'journal-000001.jsonl'), '');
    expect(await examinePrivateFiles(directory)).toMatchObject([
      {
        state: 'fail',
        what: expect.stringContaining('journal/journal-000001.jsonl'),
        fix: `chown -R 1234:1234 ${directory}`,
      },
    ]);
  });

  it('the key of a certificate is for its user, or for a group', async () => {
    const key = join(newDirectory(), 'key.pem');
    writeFileSync(key, 'x', { mode: 0o640 });
    const tls = { certificate: '', key, clientCertificates: null };
    expect(await examineTlsKey(tls)).toEqual([]);
    chmodSync(key, 0o644);
    expect(await examineTlsKey(tls)).toMatchObject([{ state: 'fail', about: 'server' }]);
    expect(await examineTlsKey(null)).toEqual([]);
  });
});
