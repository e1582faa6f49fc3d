// Owns `warroom incidents`: every incident there was, open ones first, searchable.
import { msBetween, toTimestamp } from '../incident/time.ts';
import { incidentStatus } from '../protocol/status.ts';
import { age } from '../tui/format.ts';
import { listed } from '../tui/screens/incidents/view-model.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { columns, printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export const incidents = (shell: Shell, words: string, options: Answering): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const now = toTimestamp(client.now());
    const found = listed(client.view(), words);
    if (options.json) {
      const entries = found.map((incident) => ({
        ...incidentStatus(incident),
        resolvedAt: incident.resolvedAt,
        closedAt: incident.closedAt,
        falseAlarm: incident.falseAlarm,
      }));
      printJson(shell.stdout, { incidents: entries });
    } else if (found.length === 0)
      printLines(shell.stdout, [words === '' ? 'no incident' : 'no incident is like that']);
    else {
      const rows = found.map((incident) => [
        incident.severity,
        incident.id,
        incident.falseAlarm ? 'false alarm' : incident.phase,
        `${age(msBetween(incident.declaredAt, now))} ago`,
        incident.roles.commander?.person ?? '-',
        incident.title,
      ]);
      printLines(shell.stdout, columns(rows));
    }
    return EXIT.done;
  });
