// Owns the build: one entry behind the `warroom` bin, heavy parts split off and loaded only by who needs them.
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const root = new URL('.', import.meta.url).pathname;

// CommonJS dependencies inside an ES module bundle ask for `require`.
const banner = `import { createRequire as warroomRequire } from 'node:module'; const require = warroomRequire(import.meta.url);`;

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { warroom: 'src/main.ts', shop: 'src/demo/shop/main.ts' },
  outdir: 'dist',
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Node 22 has them. Otherwise a literal becomes a `new RegExp` each time it is come by: in Ink for each character of a frame.
  supported: { 'regexp-unicode-property-escapes': true, 'regexp-set-notation': true },
  banner: { js: banner },
  define: { 'process.env.NODE_ENV': '"production"', WARROOM_VERSION: JSON.stringify(version) },
  // Ink asks for the devtools only in development; ws tries two native speed-ups that are not installed.
  alias: { 'react-devtools-core': './src/tui/no-devtools.js' },
  // Blessed loads its widgets and terminal descriptions by computed names: it stays a package beside the bundle (decision 8).
  external: ['bufferutil', 'utf-8-validate', 'blessed', 'blessed-contrib'],
  legalComments: 'none',
  logLevel: 'warning',
});
chmodSync(new URL('dist/warroom.js', import.meta.url), 0o755);
