// Owns `warroom token add|list|revoke`: tokens of people's own, in the state directory of the agent. Works whether or not it runs.
import {
  addToken,
  endOf,
  isTokenName,
  readTokens,
  revokeToken,
  type StoredToken,
  tokensPath,
} from '../agent/tokens/token-file.ts';
import { whoAmI } from '../client/find-agent.ts';
import type { Permission } from '../incident/permission.ts';
import { safeText } from '../incident/text.ts';
import { type Answering, badUsage } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';
import { columns, printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';

export type TokenOptions = Pick<Answering, 'json'>;

export interface TokenAddOptions extends TokenOptions {
  readonly permission: Permission;
  /** Epoch milliseconds, from the moment it was said. */
  readonly expires?: (nowMs: number) => number;
}

export const tokenAdd = async (shell: Shell, name: string, options: TokenAddOptions): Promise<ExitCode> => {
  const nowMs = Date.now();
  const expiresAtMs = options.expires?.(nowMs) ?? null;
  if (expiresAtMs !== null && expiresAtMs <= nowMs)
    throw badUsage('that moment is over already', 'as in --expires 30d, or --expires 2027-01-31');
  if (!isTokenName(name))
    throw badUsage(
      `${safeText(name, 64)} cannot be the name of a token`,
      'letters, digits, spaces, ".", "_", "@" and "-", at most 63; not local, socket, room, agent or nobody',
    );
  const { token, stored } = await addToken(pathIn(shell), {
    name,
    permission: options.permission,
    expiresAtMs,
    by: whoDoes(shell),
    nowMs,
  });
  if (options.json) printJson(shell.stdout, { ok: true, ...shown(stored, nowMs), token });
  else {
    // The token alone on standard output: it can go straight into a file.
    printLines(shell.stdout, [token]);
    const end = stored.expiresAt === null ? 'it does not expire' : `it expires at ${stored.expiresAt}`;
    printLines(shell.stderr, [`${name} is a ${stored.permission}; ${end}. The token is shown this once.`]);
  }
  return EXIT.done;
};

export const tokenRevoke = async (shell: Shell, name: string, { json }: TokenOptions): Promise<ExitCode> => {
  const nowMs = Date.now();
  const revoked = await revokeToken(pathIn(shell), { name, by: whoDoes(shell), nowMs });
  if (json) printJson(shell.stdout, { ok: true, ...shown(revoked, nowMs) });
  else printLines(shell.stdout, [`the token of ${revoked.name} is revoked: whoever is in with it is out`]);
  return EXIT.done;
};

export const tokenList = async (shell: Shell, { json }: TokenOptions): Promise<ExitCode> => {
  const nowMs = Date.now();
  const tokens = (await readTokens(pathIn(shell))).map((token) => shown(token, nowMs));
  if (json) printJson(shell.stdout, { ok: true, tokens });
  else if (tokens.length === 0) printLines(shell.stdout, ['nobody has a token of their own; warroom token add NAME']);
  else
    printLines(
      shell.stdout,
      columns([
        ['name', 'permission', 'state', 'added', 'expires'],
        ...tokens.map(({ name, permission, state, addedAt, expiresAt }) => [
          name,
          permission,
          state,
          addedAt,
          expiresAt ?? 'never',
        ]),
      ]),
    );
  return EXIT.done;
};

const pathIn = ({ env }: Shell): string => tokensPath(stateDirectory(env));

const whoDoes = ({ env }: Shell): string => safeText(whoAmI(env), 64);

type TokenState = 'good' | 'expired' | 'revoked';

const shown = (token: StoredToken, nowMs: number) => {
  const { name, permission, addedAt, addedBy, expiresAt, revokedAt, revokedBy } = token;
  const state: TokenState = revokedAt !== null ? 'revoked' : endOf(token, nowMs) === null ? 'good' : 'expired';
  return { name, permission, state, addedAt, addedBy, expiresAt, revokedAt, revokedBy };
};
