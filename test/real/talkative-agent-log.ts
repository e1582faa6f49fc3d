// A program that says more in its log than anybody reads, and tells elsewhere how many lines it has said: to its parent, or in the file it is given.
import { renameSync, writeFileSync } from 'node:fs';
import { isWritten, openAgentLog } from '../../src/agent/open-agent-log.ts';

const [file] = process.argv.slice(2);
const agentLog = openAgentLog(process.stdout);
let said = 0;

const count = (): void => {
  if (file === undefined) return void process.send?.(said);
  writeFileSync(`${file}.tmp`, String(said));
  renameSync(`${file}.tmp`, file);
};

const talking = setInterval(() => {
  for (let line = 0; line < 500; line++) agentLog.info(`line ${said++} of many, none of which anybody reads`);
  count();
}, 10);

process.once('SIGTERM', async () => {
  clearInterval(talking);
  process.disconnect?.();
  if (!(await isWritten(process.stdout, 200))) process.exit(0);
});
