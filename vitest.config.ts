import { defineConfig } from 'vitest/config';

const { WARROOM_TEST_REPORTS: reports, WARROOM_TEST_SUITE: suite } = process.env;

/** Tests of one part alone that need seconds: files that are watched, lines that hang, thousands of commands. They run with the real servers. */
const unhurried = [
  'test/agent/backup/backup.test.ts',
  'test/agent/config/watch-config.test.ts',
  'test/agent/drivers/driver-contract.test.ts',
  'test/agent/notifiers/email.test.ts',
  'test/agent/reload.test.ts',
  'test/client/presence.test.ts',
  'test/client/three-replicas.test.ts',
  'test/demo/shop/containment.test.ts',
  'test/incident/invariants.test.ts',
];

export default defineConfig({
  test: {
    reporters: reports === undefined ? ['default'] : ['default', ['json', { outputFile: `${reports}/${suite}.json` }]],
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/real/**', 'test/e2e/**', 'test/sim/**', ...unhurried],
          testTimeout: 20_000,
          // Much of the time is waiting for disks and sockets: two cores carry more than one worker each.
          maxWorkers: 4,
          // No module of ours keeps state of its own, so the files of a worker share what is loaded: half the processor time.
          isolate: false,
          // Ink wants the console of Node, whichever file loads it first.
          disableConsoleIntercept: true,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts', ...unhurried],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'sim',
          include: ['test/sim/**/*.test.ts'],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
