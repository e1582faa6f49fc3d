// Owns a document behind a program for the driver contract: a small tool that reads and writes a file, as a team would write one.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecProfile } from '../../../src/agent/config/config.ts';
import { execDriver } from '../../../src/agent/drivers/exec.ts';
import { DOCUMENT, type DriverUnderTest, SECRET, SET, TOUCHES } from '../../contract/driver-contract.ts';

const TOOL = `#!/bin/sh
# tool reading|writing DIRECTORY SERVICE [DOCUMENT]
printf '%s\\n' "$TOKEN" > "$2/token"
behaviour=$(cat "$2/behaviour")
[ "$behaviour" = "$1 hangs" ] && sleep 30
if [ "$behaviour" = "$1 is refused" ]; then
  echo 'looking up' >&2
  printf '\\033[2Jno, %s\\n\\n' "$TOKEN" >&2
  exit 3
fi
if [ "$1" = writing ]; then
  echo "$3" >> "$2/writes"
  printf '%s' "$4" > "$2/document"
else
  cat "$2/document"
fi
`;

export const execUnderTest = async (): Promise<DriverUnderTest> => {
  const directory = await mkdtemp(join(tmpdir(), 'warroom exec-'));
  const file = (name: string): string => join(directory, name);
  await writeFile(file('tool'), TOOL);
  await chmod(file('tool'), 0o755);
  await writeFile(file('behaviour'), '');
  await writeFile(file('writes'), '');
  await writeFile(file('document'), JSON.stringify(DOCUMENT));
  const tool = (verb: string, ...more: string[]) => ({ run: [file('tool'), verb, directory, '{service}', ...more] });
  let profile: ExecProfile | null = {
    driver: 'exec',
    read: tool('reading'),
    apply: tool('writing', '{after}'),
    undo: tool('writing', '{before}'),
    pointer: '',
    set: SET,
    touches: TOUCHES,
    timeoutMs: 1_000,
    env: { TOKEN: SECRET },
    secrets: [SECRET],
  };
  const make = () => execDriver({ profile: (name) => (name === 'circuit-breaker' ? profile : null), env: process.env });
  return {
    driver: make(),
    restarted: make,
    document: async () => JSON.parse(await readFile(file('document'), 'utf8')),
    put: (next) => writeFile(file('document'), JSON.stringify(next)),
    writes: async () =>
      (await readFile(file('writes'), 'utf8')).split('\n').filter((line) => line === 'checkout').length,
    sawSecret: async () => (await readFile(file('token'), 'utf8')) === `${SECRET}\n`,
    behave: (how) => writeFile(file('behaviour'), how),
    reconfigure: (how) => {
      profile = how === 'gone' || profile === null ? null : { ...profile, read: tool('reading', 'elsewhere') };
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
};
