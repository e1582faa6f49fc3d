// Owns bundling a limit's program the way the product is bundled, so that both start alike.
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles `limits/<name>` into `directory`; gives the path of the program. */
export const bundleLimit = async (name: string, directory: string): Promise<string> => {
  const outfile = join(directory, `${name}.mjs`);
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: [`limits/${name}.tsx`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    jsx: 'automatic',
    banner: {
      js: `import { createRequire as benchRequire } from 'node:module'; const require = benchRequire(import.meta.url);`,
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'react-devtools-core': './limits/no-devtools.js' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outfile;
};
