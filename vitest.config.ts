import { defineConfig } from 'vitest/config';

const { WARROOM_TEST_REPORTS: reports, WARROOM_TEST_SUITE: suite } = process.env;

export default defineConfig({
  test: {
    reporters: reports === undefined ? ['default'] : ['default', ['json', { outputFile: `${reports}/${suite}.json` }]],
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/real/**', 'test/e2e/**', 'test/sim/**'],
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
          include: ['test/real/**/*.test.ts'],
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
