// Owns who is what: roles claimed, assigned and released, and the duties that come with them.
import type { PersonCommand } from './commands.ts';
import { admitting } from './decide-people.ts';
import { commits, type Decision, type DecisionContext, onIncident, onOpenIncident, refuses } from './decision.ts';
import { own } from './own.ts';
import { includes } from './permission.ts';
import type { Incident, Room } from './state.ts';
import { safeText } from './text.ts';
import type { Role } from './words.ts';

type CommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;

const titles: Readonly<Record<Role, string>> = {
  commander: 'command',
  tech: 'the technical lead',
  comms: 'communications',
  scribe: 'the scribe',
  'on-call': 'on-call',
};

/** A role has one holder; it is taken over only after it was released. */
export const decideClaimRole = (room: Room, command: CommandOf<'claim-role'>, context: DecisionContext): Decision =>
  onOpenIncident(room, command.incident, (incident) => {
    const { role } = command;
    const person = context.actor.name;
    const holder = incident.roles[role]?.person ?? null;
    if (holder === person) return refuses('already-so', `${person} has ${titles[role]} already`, 'nothing to do');
    if (holder !== null) return refuses('role-held', `${holder} has ${titles[role]}`, `${holder} releases it first`);
    return commits({ type: 'role.assigned', incident: incident.id, role, person });
  });

/** Nobody is made commander: command is claimed (field 4.5). The other roles are given by the commander, and when nobody has one, by anybody. */
export const decideAssignRole = (room: Room, command: CommandOf<'assign-role'>, context: DecisionContext): Decision =>
  onOpenIncident(room, command.incident, (incident) => {
    const { role, person } = command;
    const giver = context.actor.name;
    if (person === giver) return decideClaimRole(room, { type: 'claim-role', incident: incident.id, role }, context);
    if (role === 'commander') {
      return refuses('own-claim-only', 'command is taken, not given', `${person} claims it: r in the room`);
    }
    const holder = incident.roles[role]?.person ?? null;
    if (holder === person) return refuses('already-so', `${person} has ${titles[role]} already`, 'nothing to do');
    if (holder !== null && !isCommander(incident, giver)) {
      return refuses('role-held', `${holder} has ${titles[role]}`, 'the commander gives it to somebody else');
    }
    const admission = admitting(incident, person);
    if (admission.length > 0 && !includes(context.permission, 'commander'))
      return refuses(
        'not-permitted',
        `${person} does not see ${incident.id}; letting somebody in needs a commander`,
        `a commander lets them in: warroom people ${incident.id} …`,
      );
    return commits(...admission, { type: 'role.assigned', incident: incident.id, role, person });
  });

/** A role is laid down by who holds it; the commander may take back any. */
export const decideReleaseRole = (room: Room, command: CommandOf<'release-role'>, context: DecisionContext): Decision =>
  onIncident(room, command.incident, (incident) => {
    const { role } = command;
    const holder = incident.roles[role]?.person ?? null;
    if (holder === null) return refuses('role-not-held', `nobody has ${titles[role]}`, 'nothing to do');
    if (holder !== context.actor.name && !isCommander(incident, context.actor.name))
      return refuses('role-held', `${holder} has ${titles[role]}`, `only ${holder} or the commander releases it`);
    return commits({ type: 'role.released', incident: incident.id, role, person: holder });
  });

const isCommander = ({ roles }: Incident, person: string): boolean => roles.commander?.person === person;

/** Anybody may tick a duty: what is done is done, whoever saw it. */
export const decideSetDuty = (room: Room, command: CommandOf<'set-duty'>, context: DecisionContext): Decision =>
  onIncident(room, command.incident, (incident) => {
    const { role } = command;
    const duties = context.policy.responsibilities[role].map((words) => safeText(words));
    const duty = duties.find((one) => one === command.duty) ?? duties[Number(command.duty) - 1];
    if (duty === undefined) {
      const list = duties.map((one, index) => `${index + 1} ${one}`).join(', ');
      return refuses('no-such-duty', `${titles[role]} has no duty ${command.duty}`, `duties: ${list}`);
    }
    const isDone = own(incident.duties[role], duty) !== undefined;
    if (isDone === command.done)
      return refuses('already-so', `${duty} is ${isDone ? 'done' : 'open'} already`, 'nothing to do');
    return commits({
      type: command.done ? 'duty.done' : 'duty.reopened',
      incident: incident.id,
      role,
      duty,
    });
  });
