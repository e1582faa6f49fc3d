// Owns the rule beyond the loopback: an agent listens there with a certificate, and once somebody has a token of their own.
import { OperatorError } from '../../protocol/operator-error.ts';
import { isLoopback } from './peer.ts';

/** Why listening there would be unsafe, with the fix; null where it is not. `held`: how many named tokens hold. */
export const unsafeDoor = (
  host: string,
  { hasTls, held }: { readonly hasTls: boolean; readonly held: number },
): OperatorError | null => {
  if (isLoopback(host)) return null;
  if (!hasTls)
    return new OperatorError(
      'bad-config',
      `will not listen on ${host} without a certificate: that is not a loopback address`,
      'give tls in server.yaml, or use --host 127.0.0.1 and ssh to reach it',
    );
  return held > 0
    ? null
    : new OperatorError(
        'bad-config',
        `will not listen on ${host} while nobody has a token of their own: that is not a loopback address`,
        'add one: warroom token add NAME --permission commander',
      );
};
