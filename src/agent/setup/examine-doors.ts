// Owns looking at the agent's doors as its next start would find them: whether they are safe, the certificate, and who has a token.
import { OperatorError } from '../../protocol/operator-error.ts';
import type { ServerConfig } from '../config/config.ts';
import { readCertificate } from '../server/tls-files.ts';
import { unsafeDoor } from '../server/unsafe-door.ts';
import { endOf, readTokens, tokensPath } from '../tokens/token-file.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const SOON_DAYS = 14;

/** Findings about where the agent listens and who is let in there. */
export const examineDoors = async (
  { host, tls }: Pick<ServerConfig, 'host' | 'tls'>,
  stateDirectory: string,
): Promise<readonly Finding[]> => {
  const tokens = await heldTokens(stateDirectory);
  const unsafe = unsafeDoor(host, { hasTls: tls !== null, held: tokens.held });
  return [
    ...(unsafe === null ? [] : [failure('server', unsafe.message, unsafe.nextStep)]),
    ...tokens.findings,
    ...(tls === null ? [] : [await certificateFinding(tls)]),
  ];
};

const heldTokens = async (
  stateDirectory: string,
): Promise<{ readonly held: number; readonly findings: readonly Finding[] }> => {
  try {
    const held = (await readTokens(tokensPath(stateDirectory))).filter(
      (token) => endOf(token, Date.now()) === null,
    ).length;
    const words = held === 1 ? 'one person has a token of their own' : `${held} people have tokens of their own`;
    return { held, findings: held === 0 ? [] : [fine('server', words)] };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { held: 0, findings: [failure('server', error.message, error.nextStep)] };
  }
};

const certificateFinding = async (tls: NonNullable<ServerConfig['tls']>): Promise<Finding> => {
  try {
    const { validToDate, validTo } = await readCertificate(tls);
    const days = Math.floor((validToDate.getTime() - Date.now()) / DAY_MS);
    if (days < 0) return failure('server', `the certificate in ${tls.certificate} expired at ${validTo}`, RENEW);
    return days < SOON_DAYS
      ? warning('server', `the certificate in ${tls.certificate} expires in ${days} days, at ${validTo}`, RENEW)
      : fine('server', `the certificate in ${tls.certificate} holds until ${validTo}`);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return failure('server', error.message, error.nextStep);
  }
};

const RENEW = 'renew it; a running agent reads it by itself';
