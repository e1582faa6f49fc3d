// Owns reading a configuration written in a test: its files in a directory of their own, the rest from the shipped defaults.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../src/agent/config/config.ts';
import { loadConfig } from '../../../src/agent/config/load-config.ts';
import { OperatorError } from '../../../src/protocol/operator-error.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

export const SHIPPED = fileURLToPath(new URL('../../../config', import.meta.url));

export const load = async (files: Files, env: Readonly<Record<string, string>> = {}): Promise<Config> => {
  const directory = await mkdtemp(join(tmpdir(), 'config-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
    return await loadConfig({ directory, defaultsDirectory: SHIPPED, env });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** The problems a configuration is refused for, one line each; none when it loads. */
export const problemsOf = async (
  files: Files,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> => {
  try {
    await load(files, env);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'bad-config') throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
};
