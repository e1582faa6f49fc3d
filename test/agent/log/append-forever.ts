// Owns a program for tests: appends to the log in the directory it is given and prints each acknowledged number.
import { writeSync } from 'node:fs';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import { draft } from './drafts.ts';

const [directory = '', count = 'forever'] = process.argv.slice(2);
const log = await openFileEventLog({ directory });
const last = count === 'forever' ? Number.POSITIVE_INFINITY : log.head().seq + Number(count);
let asked = log.head().seq;

const appendOneAfterAnother = async (): Promise<void> => {
  while (asked < last) {
    asked += 1;
    const result = await log.append(asked - 1, draft(asked));
    if (!result.ok) throw new Error(`append failed: ${result.reason}`);
    writeSync(1, `${result.commit.seq}\n`);
  }
};

await Promise.all(Array.from({ length: 8 }, appendOneAfterAnother));
await log.close();
