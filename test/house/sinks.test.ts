import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SRC = new URL('../../src', import.meta.url).pathname;

/** Each makes what it writes harmless, or writes nothing but its own bytes. A new one belongs into `hostile-text.test.ts` as well. */
const SINKS: Readonly<Record<string, string>> = {
  'agent/agent-lock.ts': 'the process id, to who asks for the lock',
  'agent/open-agent-log.ts': 'the log of the agent; all of a line is safe text by its type',
  'agent/server/alerts-endpoint.ts': 'answers over HTTP, as JSON that steers nothing',
  'agent/server/answers.ts': 'answers over HTTP, as JSON that steers nothing',
  'cli/line-asker.ts': 'the end of a line',
  'cli/print.ts': 'the command line',
  'demo/shop/loopback-server.ts': 'the shop answers those who break it on purpose',
  'demo/shop/main.ts': 'the shop tells its parent where it listens',
  'main.ts': 'faults, and that Node is too old',
  'tui/keys-markdown.ts': 'the documentation of the keys, made by us for us',
  'tui/main.tsx': 'painted rows, title and bell, and the summary',
  'tui/plain/teller.ts': 'lines',
};

const WRITES = /\b(?:stdout|stderr|stream|output|to)\.write\(|\bconsole\.|\.end\(`|\.end\([^)]*JSON|response\.end\(\w/;

it('only the known sinks write to a terminal, a log or an answer', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const writing = files.filter((name) => WRITES.test(readFileSync(join(SRC, name), 'utf8')));
  expect(writing.sort()).toEqual(Object.keys(SINKS).sort());
});
