// Owns bundling a limit's program the way the product is bundled, so that both start alike.
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles `limits/<name>` into `directory`; gives the path of the program. */
export const bundleLimit = async (name: string, directory: string): Promise<string> =>
  bundle(`limits/${name}.tsx`, join(directory, `${name}.mjs`));

/** Bundles an entry of this folder into a file; gives its path. */
export const bundle = async (entry: string, outfile: string): Promise<string> => {
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // Otherwise a literal becomes a `new RegExp` each time it is come by, in Ink for each character.
    supported: { 'regexp-unicode-property-escapes': true, 'regexp-set-notation': true },
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
