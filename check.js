// Owns the quick check: types, lint and the fast tests side by side; fails when one of them does.
import { spawn } from 'node:child_process';

/** Runs an npm script; `whole` keeps what it prints together, so that it does not run into what others print. */
const run = (script, prints) =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn('npm', ['run', '--silent', script], {
      stdio: ['inherit', ...(prints === 'whole' ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
    });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => output.push(bytes));
    child.on('close', (code) =>
      resolve({ script, isOk: code === 0, output: Buffer.concat(output), tookMs: performance.now() - startedAt }),
    );
  });

const results = await Promise.all([run('types', 'whole'), run('lint', 'whole'), run('test:fast', 'live')]);
for (const { script, output, isOk } of results) {
  if (!isOk && output.length > 0) process.stdout.write(`\n${script}:\n${output}`);
}
console.log(
  results
    .map(({ script, isOk, tookMs }) => `${script} ${isOk ? 'ok' : 'FAILED'} in ${Math.round(tookMs / 1000)} s`)
    .join(' · '),
);
process.exitCode = results.every(({ isOk }) => isOk) ? 0 : 1;
