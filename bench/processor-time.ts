// Owns how long a process was on a processor, all of its threads together, as Linux counts it.
import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds since it began; a thread that ended meanwhile is left out. */
export const processorMs = async (pid: number): Promise<number> => {
  const threads = await readdir(`/proc/${pid}/task`);
  const nanoseconds = await Promise.all(
    threads.map(async (thread) => {
      const counted = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      return Number(counted.split(' ')[0]);
    }),
  );
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
};
