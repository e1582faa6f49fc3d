// Owns `warroom summary`: one incident in twenty lines, for who comes late.
import { refusal } from '../incident/refusal.ts';
import { incidentLines } from '../tui/incident-lines.ts';
import { type Answering, refuse } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { lookUp } from './look-up.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export const summary = (shell: Shell, said: string, options: Answering): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const view = client.view();
    const incident = await lookUp(client, said);
    if (incident === null) {
      const remedy = 'see the list of incidents: warroom incidents';
      return refuse(shell, options, refusal('no-such-incident', `there is no incident ${said}`, remedy));
    }
    const lines = incidentLines(view, incident, { now: client.now(), withElapsed: true });
    if (options.json) printJson(shell.stdout, { incident: incident.id, lines: lines.map((line) => line.trim()) });
    else printLines(shell.stdout, lines);
    return EXIT.done;
  });
