// Owns the key with which the agent signs where its log stands: Ed25519, made on first use, kept beside the log.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { OperatorError } from '../../protocol/operator-error.ts';
import { type Disk, systemDisk } from './disk.ts';
import { readWhole, replaceFile } from './durable-file.ts';

export interface AgentKey {
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  /** Base64. */
  sign(text: string): string;
}

const pathOf = (stateDirectory: string): string => join(stateDirectory, 'agent-key.pem');

/** The agent's key; made (mode 0600) when there is none yet. Throws `state-unwritable` when the file holds something else. */
export const openAgentKey = async (stateDirectory: string, disk: Disk = systemDisk): Promise<AgentKey> => {
  const path = pathOf(stateDirectory);
  const pem = await readWhole(disk, path);
  if (pem !== null) return keyFrom(pem, path);
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await replaceFile(path, made, disk);
  return keyFrom(made, path);
};

/** The agent's key if there is one; null otherwise. */
export const readAgentKey = async (stateDirectory: string, disk: Disk = systemDisk): Promise<AgentKey | null> => {
  const pem = await readWhole(disk, pathOf(stateDirectory));
  return pem === null ? null : keyFrom(pem, pathOf(stateDirectory));
};

const keyFrom = (pem: string, path: string): AgentKey => {
  const key = privateKeyIn(pem);
  if (key === null)
    throw new OperatorError(
      'state-unwritable',
      `${path} does not hold an Ed25519 key`,
      'Restore it from a backup; or move it away: the agent makes a new one, whose signatures are another key’s.',
    );
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
};

const privateKeyIn = (pem: string): KeyObject | null => {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
};

/** How a key is told from others by eye, as SSH does: `SHA256:` and the hash of it. */
export const fingerprintOf = (publicKey: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64').replace(/=+$/, '')}`;
