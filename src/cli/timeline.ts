// Owns `warroom timeline`: what happened in one incident, oldest first.
import { refusal } from '../incident/refusal.ts';
import { isTold, sentence, tellerOf } from '../tui/sentences.ts';
import { type Answering, refuse } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { lookUp } from './look-up.ts';
import { columns, printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

/** With --json every event, with the steps that the words leave out. */
export const timeline = (shell: Shell, said: string, options: Answering): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const incident = await lookUp(client, said);
    if (incident === null) {
      const remedy = 'see the list of incidents: warroom incidents';
      return refuse(shell, options, refusal('no-such-incident', `there is no incident ${said}`, remedy));
    }
    if (options.json) {
      const entries = incident.timeline.map((entry) => ({ ...entry, text: sentence(entry.event, incident) }));
      printJson(shell.stdout, { incident: incident.id, entries });
      return EXIT.done;
    }
    const rows = incident.timeline
      .filter(({ event }) => isTold(event))
      .map(({ at, actor, event }) => [momentOf(at), tellerOf(event, actor), sentence(event, incident)]);
    printLines(shell.stdout, [`${incident.id} ${incident.severity} ${incident.title}`, ...columns(rows)]);
    return EXIT.done;
  });

const momentOf = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
