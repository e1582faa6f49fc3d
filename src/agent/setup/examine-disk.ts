// Owns looking at the disk of the state directory: room, what kind it is, and how long it takes until a write is durable.
import { open, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf } from '../config/secrets.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

const MIB = 1024 * 1024;
const LOW_BYTES = 512 * MIB;
const FULL_BYTES = 64 * MIB;
const FEW_FILES = 1_000;

/** Findings about the disk that a state directory is on, or will be. Leaves nothing behind. */
export const examineDisk = async (directory: string): Promise<readonly Finding[]> => {
  let place = directory;
  let disk = await statfs(place).catch(() => null);
  const isThere = disk !== null;
  while (disk === null && place !== dirname(place)) {
    place = dirname(place);
    disk = await statfs(place).catch(() => null);
  }
  if (disk === null) return [];
  return [
    ...spaceFindings(disk),
    ...(isThere ? kindFindings(disk.type) : []),
    ...(isThere ? await speedFindings(directory) : []),
  ];
};

interface Space {
  readonly bavail: number;
  readonly bsize: number;
  readonly files: number;
  readonly ffree: number;
}

const spaceFindings = ({ bavail, bsize, files, ffree }: Space): readonly Finding[] => {
  // Some file systems make files as they are needed, and say 0 of 0.
  if (files > 0 && ffree < FEW_FILES)
    return [failure('disk', `only ${ffree} more files fit on the disk of the state directory`, 'remove files there')];
  const free = bavail * bsize;
  const words = `${Math.floor(free / MIB)} MiB are free for the state directory`;
  if (free < FULL_BYTES) return [failure('disk', words, 'make room: without it the agent turns read-only')];
  return [free < LOW_BYTES ? warning('disk', words, 'make room before it is needed') : fine('disk', words)];
};

/** By the numbers that Linux gives its file systems. */
const KINDS: Readonly<Record<number, { readonly what: string; readonly fix: string }>> = {
  16914836: {
    what: 'the state directory is in memory (tmpfs): a restart of the host loses it',
    fix: 'name a directory on a disk in WARROOM_STATE_DIR',
  },
  2035054128: {
    what: 'the state directory is in the layer of a container (overlayfs): removing the container loses it',
    fix: 'mount a volume there; nothing to do outside of a container',
  },
  26985: {
    what: 'the state directory is on NFS: a network that hangs holds the log, and pages with it',
    fix: 'name a directory on a disk of this host in WARROOM_STATE_DIR',
  },
};

const kindFindings = (type: number): readonly Finding[] => {
  const kind = KINDS[type];
  return kind === undefined ? [] : [warning('disk', kind.what, kind.fix)];
};

const WRITES = 9;
const SLOW_MS = 50;

/** Writes as the log does, to a file of its own. A directory that takes no files is told of where permissions are. */
const speedFindings = async (directory: string): Promise<readonly Finding[]> => {
  const path = join(directory, `doctor-${process.pid}.tmp`);
  try {
    const tookMs = await writeTimes(path);
    const middle = tookMs[Math.floor(tookMs.length / 2)] ?? 0;
    const words = `a write is durable after ${shown(middle)} ms, the slowest of ${WRITES} after ${shown(tookMs.at(-1) ?? 0)} ms`;
    return [
      middle <= SLOW_MS
        ? fine('disk', words)
        : warning('disk', words, 'every command waits that long: a faster disk, or one with less to do'),
    ];
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'EACCES' || reason === 'EPERM') return [];
    const fix =
      reason === 'EROFS'
        ? 'mount it for writing; until then the agent does not start'
        : 'see to the disk: without it the agent turns read-only';
    return [failure('disk', `the disk of ${directory} takes no writes: ${reason}`, fix)];
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
};

const writeTimes = async (path: string): Promise<readonly number[]> => {
  const file = await open(path, 'ax', 0o600);
  try {
    const tookMs: number[] = [];
    for (let n = 0; n < WRITES; n++) {
      const startedMs = performance.now();
      await file.write(Buffer.alloc(512, 'x'));
      await file.datasync();
      tookMs.push(performance.now() - startedMs);
    }
    return tookMs.toSorted((a, b) => a - b);
  } finally {
    await file.close();
  }
};

const shown = (ms: number): string => (ms < 10 ? ms.toFixed(1) : String(Math.round(ms)));
