// Owns `warroom duty`: the responsibilities of a role as a checklist, ticked or taken up again.
import { own } from '../incident/own.ts';
import { incidentId } from '../incident/references.ts';
import { refusal } from '../incident/refusal.ts';
import type { Incident } from '../incident/state.ts';
import { safeText } from '../incident/text.ts';
import type { Role } from '../incident/words.ts';
import { timeOfDay } from '../tui/format.ts';
import { roleWords } from '../tui/sentences.ts';
import { type Answering, refuse } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';
import { withRoom } from './with-room.ts';

export interface DutyOptions extends Answering {
  readonly undone?: boolean;
}

export interface DutyWords {
  readonly incident: string;
  readonly role: Role;
  /** Its words or its number; null lists them. */
  readonly duty: string | null;
}

export const duty = (shell: Shell, said: DutyWords, options: DutyOptions): Promise<ExitCode> => {
  const { duty: one } = said;
  if (one === null) return list(shell, said, options);
  const done = options.undone !== true;
  return runVerb(shell, options, {
    command: ({ room }) => ({
      type: 'set-duty',
      incident: incidentId(room, said.incident),
      role: said.role,
      duty: one,
      done,
    }),
    words: ({ incident, policy }) => {
      const words = policy.roles[said.role].responsibilities[Number(one) - 1] ?? one;
      return [`${incident.id}, ${roleWords[said.role]}: ${words} is ${done ? 'done' : 'open again'}`];
    },
  });
};

const list = (shell: Shell, said: DutyWords, options: Answering): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const { room, policy } = client.view();
    const incident = own(room.incidents, incidentId(room, said.incident));
    if (incident === undefined) {
      const remedy = 'see the list of incidents: warroom incidents';
      return refuse(shell, options, refusal('no-such-incident', `there is no incident ${said.incident}`, remedy));
    }
    const duties = dutiesOf(incident, said.role, policy.roles[said.role].responsibilities);
    if (options.json) printJson(shell.stdout, { incident: incident.id, role: said.role, duties });
    else {
      const holder = incident.roles[said.role]?.person ?? 'nobody';
      const lines = duties.map(({ number, words, by, at }) =>
        by === null || at === null ? `  ${number} [ ] ${words}` : `  ${number} [x] ${words}   ${by}, ${timeOfDay(at)}`,
      );
      printLines(shell.stdout, [`${incident.id}, ${roleWords[said.role]}: ${holder}`, ...lines]);
    }
    return EXIT.done;
  });

const dutiesOf = (incident: Incident, role: Role, duties: readonly string[]) =>
  duties.map((raw, index) => {
    // The room keeps a duty by its words made safe.
    const words = safeText(raw);
    const done = own(incident.duties[role], words);
    return { number: index + 1, words, by: done?.by ?? null, at: done?.at ?? null };
  });
