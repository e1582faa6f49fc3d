import { expect, it } from 'vitest';
import { agentLogNotifier } from '../../../src/agent/notifiers/agent-log.ts';
import type { OutgoingMessage } from '../../../src/agent/notifiers/notifier.ts';
import { safeText } from '../../../src/incident/text.ts';
import { notifierContract, outgoingMessage } from '../../contract/notifier-contract.ts';

notifierContract('agent log', async () => {
  const lines: string[] = [];
  let write = async (line: string): Promise<void> => {
    lines.push(line);
  };
  return {
    notifier: agentLogNotifier({ write: (line) => write(line) }),
    arrived: () => lines,
    secrets: [],
    farEnd: {
      breakDown: () => {
        write = () => Promise.reject(new Error('EPIPE'));
      },
      hang: () => {
        write = () => new Promise(() => undefined);
      },
    },
    close: async () => undefined,
  };
});

it.each<[Partial<OutgoingMessage>, string]>([
  [
    {},
    'page for ana: SEV1 INC-2026-0042: checkout: 41 % of requests fail ' +
      '[services: checkout; level sev1/15min; attempt 1; id INC-2026-0042/sev1/15min/1/ana]',
  ],
  [
    { kind: 'test', id: 'test/1', incident: null, level: null, text: safeText('a test') },
    'test for ana: a test [attempt 1; id test/1]',
  ],
])('a message is one line: %j', async (changes, line) => {
  const lines: string[] = [];
  const notifier = agentLogNotifier({ write: (written) => void lines.push(written) });
  await notifier.send(outgoingMessage(changes), new AbortController().signal);
  expect(lines).toEqual([line]);
});

it('a log that throws at once is unreachable as well', async () => {
  const notifier = agentLogNotifier({
    write: () => {
      throw new Error('disk full');
    },
  });
  expect(await notifier.send(outgoingMessage(), new AbortController().signal)).toMatchObject({
    ok: false,
    reason: 'unreachable',
    detail: 'disk full',
    retry: true,
  });
});
