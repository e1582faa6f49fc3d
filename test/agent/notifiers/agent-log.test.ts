import { expect, it } from 'vitest';
import { agentLogNotifier } from '../../../src/agent/notifiers/agent-log.ts';
import { notifierContract, outgoingPage } from '../../contract/notifier-contract.ts';

notifierContract('agent log', async () => {
  const lines: string[] = [];
  let isBroken = false;
  const write = (line: string): void => {
    if (isBroken) throw new Error('EPIPE');
    lines.push(line);
  };
  return {
    notifier: agentLogNotifier({ write }),
    arrived: () => lines,
    breakDown: () => {
      isBroken = true;
    },
    close: async () => undefined,
  };
});

it('a page reads as one line', async () => {
  const lines: string[] = [];
  const notifier = agentLogNotifier({ write: (line) => void lines.push(line) });
  await notifier.send(outgoingPage(), new AbortController().signal);
  expect(lines).toEqual([
    'page for ana: SEV1 INC-2026-0042 (checkout): checkout: 41 % of requests fail ' +
      '[level sev1/15min, attempt 1, id INC-2026-0042/sev1/15min/1/ana]',
  ]);
});
