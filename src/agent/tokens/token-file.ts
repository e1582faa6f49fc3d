// Owns `tokens.json` in the state directory: who has a token of their own, what it permits, and until when. Never a token itself.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { PERMISSIONS, type Permission } from '../../incident/permission.ts';
import { safeText } from '../../incident/text.ts';
import { toEpochMs, toTimestamp } from '../../incident/time.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import { replaceFile } from '../log/durable-file.ts';

export const tokensPath = (stateDirectory: string): string => join(stateDirectory, 'tokens.json');

const moment = z.string().check(z.refine((given) => Number.isFinite(Date.parse(given))));

const storedTokenSchema = z.strictObject({
  name: z.string().check(z.refine((given) => isTokenName(given))),
  permission: z.enum(PERMISSIONS),
  /** Of the whole token, in hex. A token is 256 random bits: nobody guesses one, so no slow hash is needed, as it is for passwords. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  addedAt: moment,
  addedBy: z.string(),
  expiresAt: z.nullable(moment),
  revokedAt: z.nullable(moment),
  revokedBy: z.nullable(z.string()),
});

const fileSchema = z.strictObject({ v: z.literal(1), tokens: z.readonly(z.array(storedTokenSchema)) });

export type StoredToken = Readonly<z.output<typeof storedTokenSchema>>;

export type TokenFile =
  | { readonly ok: true; readonly tokens: readonly StoredToken[] }
  /** What is wrong with it, in words. */
  | { readonly ok: false; readonly problem: string };

// `local` is the id of what is no named token, and `socket` was one; `room` is what the agent is called.
const RESERVED = ['local', 'socket', 'room', 'agent', 'nobody'];

export const isTokenName = (given: string): boolean =>
  /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@-]{0,62}$/u.test(given) &&
  safeText(given, 64) === given &&
  given === given.normalize('NFC') &&
  !RESERVED.includes(given.toLowerCase());

/** Why a token admits to nothing any more, in words; null while it does. */
export const endOf = (token: StoredToken, nowMs: number): string | null => {
  if (token.revokedAt !== null) return `the token of ${token.name} was revoked at ${token.revokedAt}`;
  if (token.expiresAt === null || nowMs < toEpochMs(token.expiresAt)) return null;
  return `the token of ${token.name} expired at ${token.expiresAt}`;
};

export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Reads what a file says. `mode` is that of the file: what others can write to, they could let themselves in with. */
export const parseTokenFile = (text: string, mode: number): TokenFile => {
  if ((mode & 0o022) !== 0) return { ok: false, problem: 'other users may write to it: chmod 600' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'it is not JSON' };
  }
  const read = fileSchema.safeParse(json);
  if (read.success) return { ok: true, tokens: read.data.tokens };
  const field = read.error.issues[0]?.path.map(String).join('.') ?? '';
  return { ok: false, problem: field === '' ? 'it has another shape' : `its field ${safeText(field, 80)} is wrong` };
};

/** The tokens on disk; none where there is no file. Throws `tokens-damaged` for one that cannot be understood. */
export const readTokens = async (path: string): Promise<readonly StoredToken[]> => {
  const file = await readTokenFile(path);
  if (file.ok) return file.tokens;
  throw new OperatorError(
    'tokens-damaged',
    `${path} cannot be used: ${file.problem}`,
    'put it right, or move it away and add the tokens anew; it is never overwritten',
  );
};

const readTokenFile = async (path: string): Promise<TokenFile> => {
  try {
    return parseTokenFile(await readFile(path, 'utf8'), (await stat(path)).mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { ok: true, tokens: [] }
      : { ok: false, problem: `it cannot be read: ${code ?? String(error)}` };
  }
};

export interface TokenOrder {
  readonly name: string;
  readonly permission: Permission;
  readonly expiresAtMs: number | null;
  /** Who adds it, as they say. */
  readonly by: string;
  readonly nowMs: number;
}

/** Adds a token and gives it back: the only moment in which anybody can read it. */
export const addToken = async (
  path: string,
  { name, permission, expiresAtMs, by, nowMs }: TokenOrder,
): Promise<{ readonly token: string; readonly stored: StoredToken }> => {
  const token = `wr_${randomBytes(32).toString('base64url')}`;
  const stored: StoredToken = {
    name,
    permission,
    sha256: tokenDigest(token).toString('hex'),
    addedAt: toTimestamp(nowMs),
    addedBy: by,
    expiresAt: expiresAtMs === null ? null : toTimestamp(expiresAtMs),
    revokedAt: null,
    revokedBy: null,
  };
  await changeTokens(path, (tokens) => {
    if (holdsNow(tokens, name, nowMs) === undefined) return [...withoutOldest(tokens, nowMs), stored];
    const fix = `warroom token revoke ${name}, or choose another name such as ${name}-2`;
    throw new OperatorError('bad-usage', `${name} has a token already`, fix);
  });
  return { token, stored };
};

/** Revokes the token that somebody holds. It stays in the file, so that whoever presents it is told why it does nothing. */
export const revokeToken = async (
  path: string,
  { name, by, nowMs }: Pick<TokenOrder, 'name' | 'by' | 'nowMs'>,
): Promise<StoredToken> => {
  let revoked: StoredToken | null = null;
  await changeTokens(path, (tokens) => {
    const held = holdsNow(tokens, name, nowMs);
    if (held === undefined) {
      const end = tokens.findLast((token) => token.name === name);
      const why = end === undefined ? `${safeText(name, 64)} has no token` : (endOf(end, nowMs) ?? '');
      throw new OperatorError('bad-usage', why, 'see warroom token list');
    }
    const ended: StoredToken = { ...held, revokedAt: toTimestamp(nowMs), revokedBy: by };
    revoked = ended;
    return tokens.map((token) => (token === held ? ended : token));
  });
  if (revoked === null) throw new Error('nothing was revoked');
  return revoked;
};

const holdsNow = (tokens: readonly StoredToken[], name: string, nowMs: number): StoredToken | undefined =>
  tokens.find((token) => token.name === name && endOf(token, nowMs) === null);

const ENDED_KEPT = 200;

const withoutOldest = (tokens: readonly StoredToken[], nowMs: number): readonly StoredToken[] => {
  const ended = tokens.filter((token) => endOf(token, nowMs) !== null);
  const forgotten = new Set(ended.slice(0, Math.max(0, ended.length - ENDED_KEPT)));
  return tokens.filter((token) => !forgotten.has(token));
};

const changeTokens = async (
  path: string,
  change: (tokens: readonly StoredToken[]) => readonly StoredToken[],
): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await alone(`${path}.lock`, async () => {
    const tokens = change(await readTokens(path));
    await replaceFile(path, `${JSON.stringify({ v: 1, tokens }, null, 2)}\n`);
  });
};

const TURN_WITHIN_MS = 2_000;

/** Two commands at once must not lose what one of them revoked. */
const alone = async (lock: string, work: () => Promise<void>): Promise<void> => {
  const giveUpAtMs = performance.now() + TURN_WITHIN_MS;
  while (!(await isTaken(lock))) {
    if (performance.now() > giveUpAtMs)
      throw new OperatorError(
        'state-unwritable',
        `another command changes the tokens just now: ${lock} is there`,
        'try again; when no command runs, one was cut off: delete that file',
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
};

const isTaken = async (lock: string): Promise<boolean> => {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};
