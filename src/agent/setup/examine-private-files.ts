// Owns looking at the files that only the user of the agent may read, and at files that this user can no longer write.
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsFiles } from '../config/config.ts';
import { type Finding, failure, namesOf, warning } from './finding.ts';

const PRIVATE: readonly { readonly name: string; readonly what: string; readonly fix: (file: string) => string }[] = [
  {
    name: 'token',
    what: 'the token',
    fix: (file) => `chmod 600 ${file}; delete it to have a new one made`,
  },
  {
    name: 'tokens.json',
    what: 'who has a token',
    fix: (file) => `chmod 600 ${file}; the tokens themselves are not in it`,
  },
  {
    name: 'agent-key.pem',
    what: 'the key that signs the log',
    fix: (file) => `chmod 600 ${file}; who has read it can sign another log`,
  },
];

const OTHERS = 0o077;

/** Findings about what lies in a state directory; none where there is none. */
export const examinePrivateFiles = async (directory: string): Promise<readonly Finding[]> => [
  ...(await Promise.all(
    PRIVATE.map(async ({ name, what, fix }): Promise<readonly Finding[]> => {
      const file = join(directory, name);
      const found = await statOrNull(file);
      if (found === null || (found.mode & OTHERS) === 0) return [];
      return [failure('state', `other users may read ${what} in ${file}`, fix(file))];
    }),
  ).then((found) => found.flat())),
  ...(await ownerFindings(directory)),
];

/** One start as root is enough for an agent that can no longer append. */
const ownerFindings = async (directory: string): Promise<readonly Finding[]> => {
  const own = process.getuid?.();
  const home = await statOrNull(directory);
  if (own === undefined || home === null) return [];
  const strangers: string[] = [];
  for (const place of ['.', 'journal', 'snapshots', 'archive']) {
    for (const name of await readdir(join(directory, place)).catch(() => [])) {
      const found = await statOrNull(join(directory, place, name));
      if (found !== null && found.uid !== home.uid) strangers.push(join(place, name));
    }
  }
  if (strangers.length > 0) {
    const what = `not everything in ${directory} belongs to who owns it: ${namesOf(strangers)}`;
    return [failure('state', what, `chown -R ${home.uid}:${home.gid} ${directory}`)];
  }
  if (home.uid === own || own !== 0) return [];
  const what = `${directory} belongs to user ${home.uid}, and this is root`;
  return [warning('state', what, 'run commands that write to it, and the agent, as that user')];
};

/** Findings about the key of the certificate that the agent shows. */
export const examineTlsKey = async (tls: TlsFiles | null): Promise<readonly Finding[]> => {
  if (tls === null) return [];
  const found = await statOrNull(tls.key);
  if (found === null || (found.mode & 0o007) === 0) return [];
  return [failure('server', `every user may read the key in ${tls.key}`, `chmod o= ${tls.key}`)];
};

const statOrNull = (path: string): Promise<Stats | null> => stat(path).catch(() => null);
