// Owns who may see an incident: made private to some, opened to everybody again.
import type { PersonCommand } from './commands.ts';
import { acknowledgementsOutside } from './decide-escalation.ts';
import { commits, type Decision, type DecisionContext, onIncident, refuses } from './decision.ts';
import type { IncidentEvent } from './events.ts';
import type { Incident, Room } from './state.ts';
import { mayView } from './visibility.ts';

type CommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;

/** Those named, and always the one who names them. */
export const peopleWith = (people: readonly string[] | null, by: string): readonly string[] | null =>
  people === null ? null : [...new Set([by, ...people])];

/** Whoever holds a role works on it: they are called off first, so that nobody works on what they cannot see. */
export const decideSetPeople = (room: Room, command: CommandOf<'set-people'>, context: DecisionContext): Decision =>
  onIncident(room, command.incident, (incident) => {
    const people = peopleWith(command.people, context.actor.name);
    if (areSame(people, incident.people))
      return refuses('already-so', `${incident.id} is seen by just these`, 'nothing to do');
    const outside = Object.entries(incident.roles).find(
      ([, holder]) => holder !== null && !mayView({ people }, holder.person),
    );
    const holder = outside?.[1]?.person;
    if (outside !== undefined && holder !== undefined)
      return refuses(
        'would-lock-out',
        `${holder} holds the role ${outside[0]} in ${incident.id} and would not see it any more`,
        `name ${holder} too, or release the role first`,
      );
    return commits(...acknowledgementsOutside(incident, people, context.now), {
      type: 'incident.people_changed',
      incident: incident.id,
      people,
    });
  });

const areSame = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
  JSON.stringify(one === null ? null : [...one].sort()) === JSON.stringify(other === null ? null : [...other].sort());

/** Who is given a role in a private incident sees it from then on. */
export const admitting = (incident: Incident, person: string): readonly IncidentEvent[] =>
  incident.people === null || incident.people.includes(person)
    ? []
    : [{ type: 'incident.people_changed', incident: incident.id, people: [...incident.people, person] }];
