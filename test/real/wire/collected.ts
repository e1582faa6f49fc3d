// Owns what memory is held once all garbage is gone.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory of this process after everything that nobody holds was collected. */
export const collected = (): NodeJS.MemoryUsage => {
  // What buffers held outside of the heap goes after their first collection, not with it.
  collect();
  collect();
  return process.memoryUsage();
};
