import { describe, expect, it } from 'vitest';
import { run } from './command-line.ts';

describe('warroom demo', () => {
  it.each([['0'], ['61'], ['1.5'], ['-1'], ['fast'], ['1e1'], [''], ['Infinity'], ['99999999999']])(
    'refuses --speed %j and says what it may be',
    async (speed) => {
      const { exit, stdout, stderr } = await run(['demo', `--speed=${speed}`], {});
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
      expect(stderr).toContain('It is a whole number from 1 to 60.');
    },
  );

  it('refuses a scenario it does not have and names those it has', async () => {
    const { exit, stderr } = await run(['demo', '--scenario', 'meteor'], {});
    expect(exit).toBe(2);
    expect(stderr).toContain('bad-deploy, slow-database, dependency-down');
  });

  it('tells of every scenario what goes wrong and what helps, in lines that fit a terminal', async () => {
    const { exit, stdout } = await run(['demo', '--help'], {});
    expect(exit).toBe(0);
    expect(stdout).toContain("slow-database: the catalog's database gets slow, and search queues up for it");
    expect(stdout).toMatch(/bad-deploy: .+\n +stays until it is repaired\n +helps: rollback/);
    expect(stdout).toMatch(/dependency-down: .+\n +over after 6 minutes\n +helps: circuit-breaker of checkout/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
