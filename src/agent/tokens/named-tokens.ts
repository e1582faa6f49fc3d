// Owns the named tokens as a running agent knows them: never older than the file, which it notices without being told.
import { timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Permission } from '../../incident/permission.ts';
import { endOf, parseTokenFile, type StoredToken, type TokenFile, tokenDigest } from './token-file.ts';

export interface TokenChange {
  readonly change: 'added' | 'revoked';
  readonly name: string;
  readonly permission: Permission;
  /** Who did it, as they said; null where the file does not say. */
  readonly by: string | null;
}

export interface NamedTokensParts {
  readonly path: string;
  readonly nowMs: () => number;
  /** The file says something else than before. */
  readonly onChange: (changes: readonly TokenChange[]) => void;
  /** It cannot be understood: no named token admits anybody until it can. */
  readonly onDamage: (problem: string) => void;
}

export type Found =
  | { readonly kind: 'good'; readonly token: StoredToken }
  | { readonly kind: 'ended'; readonly words: string }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unknown' };

export interface NamedTokens {
  find(presented: string): Found;
  /** Null while the token still permits what it did; else why not, in words. */
  endOf(token: StoredToken): string | null;
  /** How many tokens hold. */
  held(): number;
  /** Looks at the file now. */
  look(): void;
  close(): void;
}

/** How often it is looked at without being told: some file systems tell nobody. */
const LOOK_EVERY_MS = 1_000;

export const openNamedTokens = ({ path, nowMs, onChange, onDamage }: NamedTokensParts): NamedTokens => {
  let signs = signsOf(path);
  let file = read(path);
  let tokens = file.ok ? file.tokens : [];
  if (!file.ok) onDamage(file.problem);

  const look = (): void => {
    const now = signsOf(path);
    if (now === signs) return;
    signs = now;
    file = read(path);
    // What was known last goes on for who is in already: a slip in the file must not empty the room.
    if (!file.ok) {
      onDamage(file.problem);
      return;
    }
    const before = tokens;
    tokens = file.tokens;
    onChange(changesBetween(before, tokens, nowMs()));
  };

  const looks = setInterval(look, LOOK_EVERY_MS);
  looks.unref();
  const watcher = watchQuietly(path, look);

  return {
    find: (presented) => {
      look();
      const digest = tokenDigest(presented);
      // Every one is compared, whichever it is: the time taken says nothing.
      let found: StoredToken | null = null;
      for (const token of tokens) if (timingSafeEqual(digest, Buffer.from(token.sha256, 'hex'))) found = token;
      if (!file.ok) return { kind: 'damaged' };
      if (found === null) return { kind: 'unknown' };
      const words = endOf(found, nowMs());
      return words === null ? { kind: 'good', token: found } : { kind: 'ended', words };
    },
    endOf: (token) => {
      const now = tokens.find(({ sha256 }) => sha256 === token.sha256);
      if (now === undefined) return `the token of ${token.name} is not known any more`;
      if (now.permission !== token.permission || now.name !== token.name)
        return `the token of ${token.name} was changed: connect again`;
      return endOf(now, nowMs());
    },
    held: () => tokens.filter((token) => endOf(token, nowMs()) === null).length,
    look,
    close: () => {
      clearInterval(looks);
      watcher?.close();
    },
  };
};

const watchQuietly = (path: string, look: () => void): { close(): void } | null => {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === basename(path)) look();
    });
    // The looks without being told go on.
    watcher.on('error', () => undefined);
    return watcher;
  } catch {
    return null; // no watches left on this machine: the looks go on
  }
};

const signsOf = (path: string): string => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
};

const read = (path: string): TokenFile => {
  try {
    return parseTokenFile(readFileSync(path, 'utf8'), statSync(path).mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { ok: true, tokens: [] } : { ok: false, problem: `it cannot be read: ${code}` };
  }
};

/** What an agent records: tokens that hold now and did not before, and the other way round. */
const changesBetween = (
  before: readonly StoredToken[],
  after: readonly StoredToken[],
  nowMs: number,
): readonly TokenChange[] => {
  const holding = (tokens: readonly StoredToken[]) => tokens.filter((token) => token.revokedAt === null);
  const added = holding(after).filter((token) => !holding(before).some((other) => isSame(token, other)));
  const gone = holding(before).filter((token) => !holding(after).some((other) => isSame(token, other)));
  return [
    // What expired meanwhile is no change that anybody made.
    ...gone
      .filter((token) => endOf(token, nowMs) === null)
      .map((token) => ({
        change: 'revoked' as const,
        name: token.name,
        permission: token.permission,
        by: after.find(({ sha256 }) => sha256 === token.sha256)?.revokedBy ?? null,
      })),
    ...added.map(({ name, permission, addedBy }) => ({ change: 'added' as const, name, permission, by: addedBy })),
  ];
};

const isSame = (one: StoredToken, other: StoredToken): boolean =>
  one.sha256 === other.sha256 && one.permission === other.permission && one.name === other.name;
