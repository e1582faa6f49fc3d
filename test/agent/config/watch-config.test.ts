import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigWatch, watchConfig } from '../../../src/agent/config/watch-config.ts';
import { until } from '../../support/until.ts';

const SETTLE_MS = 40;

describe('a watched configuration', () => {
  let root: string;
  let directory: string;
  let changes: number;
  let watching: ConfigWatch;

  const file = (name: string): string => join(directory, name);
  const start = async (lookEveryMs = 60_000): Promise<void> => {
    changes = 0;
    watching = watchConfig({
      directory,
      settleMs: SETTLE_MS,
      lookEveryMs,
      onChange: () => {
        changes += 1;
      },
    });
    // The first look and the system's own watching have no end that can be seen: the first change is made until it is noticed.
    let turn = 0;
    await until('the watching to begin', async () => {
      if (turn++ % 20 === 0) await writeFile(file('warm.yaml'), `a: ${turn}`).catch(() => undefined);
      return changes > 0;
    });
    await quiet();
  };
  /** Nothing more comes of what has happened so far. */
  const quiet = async (): Promise<void> => {
    let before = -1;
    while (before !== changes) {
      before = changes;
      await sleep(4 * SETTLE_MS);
    }
    changes = 0;
  };
  const noticed = (): Promise<boolean> => until('a change to be noticed', () => changes > 0);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'warroom-watch-'));
    directory = join(root, 'config');
    await mkdir(directory);
    await writeFile(file('services.yaml'), 'services: {}\n');
  });
  afterEach(async () => {
    await watching.close();
    await rm(root, { recursive: true, force: true });
  });

  it('notices what changes as soon as it has begun', async () => {
    changes = 0;
    watching = watchConfig({
      directory,
      settleMs: SETTLE_MS,
      lookEveryMs: 50,
      onChange: () => {
        changes += 1;
      },
    });
    await watching.started;
    await writeFile(file('services.yaml'), 'services: { a: {} }\n');
    await noticed();
  });

  it('is told once for files written together, new and removed ones too', async () => {
    await start();
    await Promise.all(['services.yaml', 'roles.yaml', 'actions.yml'].map((name) => writeFile(file(name), 'a: 1\n')));
    await noticed();
    await sleep(4 * SETTLE_MS);
    expect(changes).toBe(1);
    changes = 0;
    await rm(file('roles.yaml'));
    await noticed();
  });

  it('is told when an editor puts a new file in the place of the old', async () => {
    await start();
    await writeFile(file('services.yaml~'), 'a: 2\n');
    await rename(file('services.yaml~'), file('services.yaml'));
    await noticed();
  });

  it("is not told of editors' own files, nor of a file that says the same as before", async () => {
    await start();
    for (const name of ['.services.yaml.swp', 'services.yaml~', '.#services.yaml', '4913', 'notes.txt'])
      await writeFile(file(name), 'x');
    await utimes(file('services.yaml'), new Date(), new Date());
    await writeFile(file('services.yaml'), 'services: {}\n');
    await sleep(6 * SETTLE_MS);
    expect(changes).toBe(0);
  });

  it('is told when Kubernetes swaps the link under a ConfigMap, again and again', async () => {
    const version = async (name: string): Promise<void> => {
      await mkdir(file(`..${name}`));
      await writeFile(join(file(`..${name}`), 'services.yaml'), `services: { ${name}: {} }\n`);
      await symlink(`..${name}`, file('..data_tmp'));
      await rename(file('..data_tmp'), file('..data'));
    };
    await rm(file('services.yaml'));
    await version('one');
    await symlink('..data/services.yaml', file('services.yaml'));
    await start();
    for (const [name, old] of [
      ['two', 'one'],
      ['three', 'two'],
    ] as const) {
      await version(name);
      await rm(file(`..${old}`), { recursive: true });
      await noticed();
      await quiet();
    }
  });

  it('is told when the directory vanishes, when it is back, and of what is written then', async () => {
    await start(100);
    await rm(directory, { recursive: true });
    await noticed();
    await quiet();
    await mkdir(directory);
    await writeFile(file('services.yaml'), 'services: { a: {} }\n');
    await noticed();
    await quiet();
    await writeFile(file('services.yaml'), 'services: { b: {} }\n');
    await noticed();
  });

  it('is told when a link to the directory leads to another one', async () => {
    const [one, two] = [join(root, 'one'), join(root, 'two')];
    await rename(directory, one);
    await mkdir(two);
    await writeFile(join(two, 'services.yaml'), 'services: { a: {} }\n');
    await symlink('one', directory);
    await start(100);
    await symlink('two', join(root, 'next'));
    await rename(join(root, 'next'), directory);
    await noticed();
    await quiet();
    await writeFile(join(two, 'services.yaml'), 'services: { b: {} }\n');
    await noticed();
  });

  it('is told of a writer that never rests', async () => {
    await start();
    let turn = 0;
    const writing = setInterval(() => void writeFile(file('services.yaml'), `a: ${turn++}\n`), SETTLE_MS / 3);
    await noticed();
    clearInterval(writing);
  });

  it('is told nothing once it is closed', async () => {
    await start();
    await watching.close();
    await writeFile(file('services.yaml'), 'a: 5\n');
    await sleep(4 * SETTLE_MS);
    expect(changes).toBe(0);
  });

  it('keeps no process alive', async () => {
    watching = { started: Promise.resolve(), close: async () => {} };
    const module = resolve(import.meta.dirname, '../../../src/agent/config/watch-config.ts');
    const script = `import { watchConfig } from ${JSON.stringify(module)}; watchConfig({ directory: ${JSON.stringify(directory)}, onChange: () => {} });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const late = setTimeout(() => child.kill(), 8_000);
    const [code] = await once(child, 'exit');
    clearTimeout(late);
    expect(code).toBe(0);
  });
});
