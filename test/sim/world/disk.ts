// Owns the disk of a simulation: what the page cache holds, what survives a power cut, and a medium that at times refuses.
import { basename, dirname } from 'node:path';
import type { Disk, DiskFile } from '../../../src/agent/log/disk.ts';
import { bytesOf, type GrowingBytes } from './growing-bytes.ts';
import { type Life, never } from './life.ts';
import type { Random } from './random.ts';
import type { SimulatedTime } from './time.ts';

/** How the medium is just now. */
export type DiskMood = 'well' | 'slow' | 'full' | 'failing' | 'read-only';

export interface SimulatedDisk {
  /** The file system as a process sees it, until it dies. */
  mountFor(life: Life): Disk;
  setMood(mood: DiskMood): void;
  mood(): DiskMood;
  /** The process died: what it wrote is in the cache of the machine, and stays. */
  processDied(): void;
  /** The machine died: of what was not synced, some prefix is there, perhaps torn. */
  powerCut(): void;
  /** What would be there after a power cut that keeps nothing more: names and contents in a directory, in order of name. */
  durableIn(directory: string): readonly DurableFile[];
  /** Counts whatever may have changed what is durable. */
  changes(): number;
}

export interface DurableFile {
  readonly name: string;
  /** Another file under the same name has another number. */
  readonly inode: number;
  readonly bytes: Buffer;
}

/** Since the last sync, in order. */
type Unsynced =
  | { readonly kind: 'append'; readonly bytes: Buffer; isLost: boolean }
  | { readonly kind: 'truncate'; readonly length: number };

interface Inode {
  readonly number: number;
  readonly cached: GrowingBytes;
  readonly durable: GrowingBytes;
  unsynced: Unsynced[];
}

type NameChange =
  | { readonly kind: 'set'; readonly name: string; readonly inode: Inode }
  | { readonly kind: 'remove'; readonly name: string };

interface Directory {
  readonly cached: Map<string, Inode>;
  readonly durable: Map<string, Inode>;
  unsynced: NameChange[];
}

const failure = (code: string, what: string): Error => Object.assign(new Error(`${code}: ${what}`), { code });

const applied = (names: Map<string, Inode>, change: NameChange): void => {
  if (change.kind === 'set') names.set(change.name, change.inode);
  else names.delete(change.name);
};

const settled = (inode: Inode, operation: Unsynced): void => {
  if (operation.kind === 'truncate') inode.durable.truncate(operation.length);
  // After a failed sync the kernel calls its pages clean: what was in them is gone, though their length is there.
  else inode.durable.append(operation.isLost ? Buffer.alloc(operation.bytes.length) : operation.bytes);
};

export const simulatedDisk = (random: Random, time: SimulatedTime): SimulatedDisk => {
  const directories = new Map<string, Directory>();
  let mood: DiskMood = 'well';
  let inodes = 0;
  let changes = 0;

  const directoryAt = (path: string): Directory => {
    const directory = directories.get(path);
    if (directory === undefined) throw failure('ENOENT', path);
    return directory;
  };

  const change = (directory: Directory, its: NameChange): void => {
    applied(directory.cached, its);
    directory.unsynced.push(its);
  };

  const takesTime = (): Promise<void> => {
    if (mood === 'slow') return time.wait(random.between(50, 3_000));
    return time.wait(random.chance(0.8) ? 0 : random.between(1, 20));
  };

  const refuseChanges = (path: string): void => {
    if (mood === 'read-only') throw failure('EROFS', path);
    if (mood === 'failing' && random.chance(0.5)) throw failure('EIO', path);
  };

  const fileOf = (life: Life, inode: Inode, path: string): DiskFile => {
    const call = async <Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> => {
      if (!life.mayCall()) return never();
      const answer = await work();
      return life.isAlive() ? answer : never();
    };
    const taken = (bytes: Uint8Array): { bytesWritten: number } => {
      const copy = Buffer.from(bytes);
      inode.cached.append(copy);
      inode.unsynced.push({ kind: 'append', bytes: copy, isLost: false });
      return { bytesWritten: copy.length };
    };
    return {
      write: (bytes) =>
        call(async () => {
          refuseChanges(path);
          if (mood === 'full') {
            const fits = random.chance(0.5) ? random.between(0, Math.max(0, bytes.length - 1)) : 0;
            if (fits === 0) throw failure('ENOSPC', path);
            return taken(bytes.subarray(0, fits));
          }
          const short = random.chance(0.05) && bytes.length > 1;
          return taken(short ? bytes.subarray(0, random.between(1, bytes.length - 1)) : bytes);
        }),
      datasync: () =>
        call(async () => {
          const covered = inode.unsynced.length;
          await takesTime();
          if (!life.isAlive()) return never();
          if (mood === 'failing' && random.chance(0.5)) {
            for (const operation of inode.unsynced.slice(0, covered))
              if (operation.kind === 'append') operation.isLost ||= random.chance(0.5);
            throw failure('EIO', path);
          }
          for (const operation of inode.unsynced.slice(0, covered)) settled(inode, operation);
          inode.unsynced = inode.unsynced.slice(covered);
          changes += 1;
        }),
      truncate: (length) =>
        call(async () => {
          refuseChanges(path);
          inode.cached.truncate(length);
          inode.unsynced.push({ kind: 'truncate', length });
        }),
      close: () => call(() => undefined),
    };
  };

  const newInode = (): Inode => {
    inodes += 1;
    return { number: inodes, cached: bytesOf(), durable: bytesOf(), unsynced: [] };
  };

  const mountFor = (life: Life): Disk => {
    const call = async <Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> => {
      if (!life.mayCall()) return never();
      const answer = await work();
      return life.isAlive() ? answer : never();
    };
    return {
      openToAppend: (path) =>
        call(() => {
          const directory = directoryAt(dirname(path));
          const there = directory.cached.get(basename(path));
          if (there !== undefined) {
            if (mood === 'read-only') throw failure('EROFS', path);
            return fileOf(life, there, path);
          }
          if (mood === 'full') throw failure('ENOSPC', path);
          refuseChanges(path);
          const made = newInode();
          change(directory, { kind: 'set', name: basename(path), inode: made });
          return fileOf(life, made, path);
        }),
      read: async function* (path, start, end) {
        if (!life.mayCall()) await never();
        const inode = directoryAt(dirname(path)).cached.get(basename(path));
        if (inode === undefined) throw failure('ENOENT', path);
        const bytes = inode.cached.copy().subarray(start, Math.max(start, end));
        for (let from = 0; from < bytes.length; ) {
          const length = random.chance(0.7) ? bytes.length - from : random.between(1, bytes.length - from);
          yield bytes.subarray(from, from + length);
          from += length;
        }
      },
      size: (path) => call(() => directories.get(dirname(path))?.cached.get(basename(path))?.cached.length() ?? null),
      list: (path) => call(() => [...(directories.get(path)?.cached.keys() ?? [])]),
      makeDirectory: (path) =>
        call(() => {
          if (directories.has(path)) return;
          if (mood === 'full') throw failure('ENOSPC', path);
          refuseChanges(path);
          directories.set(path, { cached: new Map(), durable: new Map(), unsynced: [] });
        }),
      writeNew: (path, content) =>
        call(async () => {
          const directory = directoryAt(dirname(path));
          if (directory.cached.has(basename(path))) throw failure('EEXIST', path);
          refuseChanges(path);
          const made = newInode();
          change(directory, { kind: 'set', name: basename(path), inode: made });
          const bytes = Buffer.from(content);
          made.cached.append(bytes);
          made.unsynced.push({ kind: 'append', bytes, isLost: false });
          if (mood === 'full') throw failure('ENOSPC', path);
          await takesTime();
          if (!life.isAlive()) return never();
          for (const operation of made.unsynced) settled(made, operation);
          made.unsynced = [];
          changes += 1;
        }),
      rename: (from, to) =>
        call(() => {
          refuseChanges(from);
          const source = directoryAt(dirname(from));
          const inode = source.cached.get(basename(from));
          if (inode === undefined) throw failure('ENOENT', from);
          change(source, { kind: 'remove', name: basename(from) });
          change(directoryAt(dirname(to)), { kind: 'set', name: basename(to), inode });
        }),
      remove: (path) =>
        call(() => {
          refuseChanges(path);
          const directory = directories.get(dirname(path));
          if (directory?.cached.has(basename(path))) change(directory, { kind: 'remove', name: basename(path) });
        }),
      syncDirectory: (path) =>
        call(async () => {
          const directory = directoryAt(path);
          const covered = directory.unsynced.length;
          await takesTime();
          if (!life.isAlive()) return never();
          if (mood === 'failing' && random.chance(0.5)) throw failure('EIO', path);
          for (const its of directory.unsynced.slice(0, covered)) applied(directory.durable, its);
          directory.unsynced = directory.unsynced.slice(covered);
          changes += 1;
        }),
    };
  };

  /** What was written last may be cut anywhere; a torn tail may also have its length and not its content. */
  const loseSome = (inode: Inode): void => {
    const kept = random.between(0, inode.unsynced.length);
    for (const operation of inode.unsynced.slice(0, kept)) settled(inode, operation);
    const torn = inode.unsynced[kept];
    if (torn?.kind === 'append' && !torn.isLost && random.chance(0.7)) {
      inode.durable.append(torn.bytes.subarray(0, random.between(0, torn.bytes.length)));
      if (random.chance(0.2)) inode.durable.append(Buffer.alloc(random.between(1, 64)));
    }
    inode.unsynced = [];
    inode.cached.become(inode.durable);
  };

  return {
    mountFor,
    setMood: (next) => {
      mood = next;
    },
    mood: () => mood,
    processDied: () => {
      changes += 1;
      // Against pages that were lost before it came, the next process has no means: the kernel keeps them here.
      for (const directory of directories.values())
        for (const { unsynced } of directory.cached.values())
          for (const operation of unsynced) if (operation.kind === 'append') operation.isLost = false;
    },
    powerCut: () => {
      changes += 1;
      const touched = new Set<Inode>();
      for (const directory of directories.values()) {
        for (const inode of [...directory.cached.values(), ...directory.durable.values()]) touched.add(inode);
        const kept = random.between(0, directory.unsynced.length);
        for (const its of directory.unsynced.slice(0, kept)) applied(directory.durable, its);
        directory.unsynced = [];
        directory.cached.clear();
        for (const [name, inode] of directory.durable) directory.cached.set(name, inode);
      }
      for (const inode of touched) loseSome(inode);
    },
    durableIn: (path) =>
      [...(directories.get(path)?.durable ?? [])]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, inode]) => ({ name, inode: inode.number, bytes: inode.durable.view() })),
    changes: () => changes,
  };
};
