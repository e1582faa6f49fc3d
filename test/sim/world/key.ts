// Owns the key that simulated agents sign with: the same one in every run.
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { AgentKey } from '../../../src/agent/log/agent-key.ts';

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export const simulatedKey = (): AgentKey => {
  const key = createPrivateKey({ key: Buffer.concat([PREFIX, Buffer.alloc(32, 7)]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
};
