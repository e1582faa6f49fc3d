// Owns `warroom ledger`: every containment still in place.
import { own } from '../incident/own.ts';
import { msBetween, toTimestamp } from '../incident/time.ts';
import { ledgerStatus } from '../protocol/status.ts';
import { age, countdown } from '../tui/format.ts';
import { ledgerOfRoom } from './action-words.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { columns, printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export const ledger = (shell: Shell, options: Answering): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const { room } = client.view();
    const now = toTimestamp(client.now());
    const entries = ledgerOfRoom(room).flatMap((action) => {
      const incident = own(room.incidents, action.incident);
      return incident === undefined ? [] : [{ ...ledgerStatus(action, incident), incident: incident.id }];
    });
    if (options.json) printJson(shell.stdout, { ledger: entries });
    else if (entries.length === 0) printLines(shell.stdout, ['nothing is in place']);
    else {
      const rows = entries.map(({ id, action, service, owner, state, appliedAt, expiresAt, incident }) => [
        id,
        action,
        service,
        owner,
        appliedAt === null ? state.toUpperCase() : `${state} ${age(msBetween(appliedAt, now))}`,
        expiresAt === null ? 'stays' : `expires in ${countdown(msBetween(now, expiresAt))}`,
        incident,
      ]);
      printLines(shell.stdout, columns(rows));
    }
    return EXIT.done;
  });
