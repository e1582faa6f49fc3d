// Owns what a tortured room is asked for: the next command of a client, drawn from what its replica shows.
import type { PersonCommandInput } from '../../../src/incident/commands.ts';
import { type Action, type Incident, isOpen, type Room } from '../../../src/incident/state.ts';
import { ROLES, SEVERITIES } from '../../../src/incident/words.ts';
import type { Random } from '../../sim/world/random.ts';
import { ACTIONS, type ActionName, SERVICES } from './yard.ts';

export interface Wishing {
  readonly room: Room;
  readonly random: Random;
  /** Makes a text that stands nowhere else. */
  readonly mark: string;
  /** The service that this client alone contains on; null while it waits for the answer to what it asked of it. */
  readonly service: string | null;
}

const FEWEST_OPEN = 3;
const MOST_OPEN = 8;

export const nextWish = ({ room, random, mark, service }: Wishing): PersonCommandInput => {
  const open = Object.values(room.incidents).filter(isOpen);
  if (open.length < FEWEST_OPEN) return declare(random, mark);
  const incident = random.pick(open);
  const roll = random.next();
  if (roll < 0.45) return { type: 'add-note', incident: incident.id, text: `note ${mark}` };
  if (roll < 0.52) return { type: 'acknowledge', incident: incident.id };
  if (roll < 0.6) return { type: 'claim-role', incident: incident.id, role: random.pick(ROLES) };
  if (roll < 0.65) return { type: 'release-role', incident: incident.id, role: random.pick(ROLES) };
  if (roll < 0.7)
    return { type: 'set-severity', incident: incident.id, severity: random.pick(SEVERITIES), reason: `since ${mark}` };
  if (roll < 0.9 && service !== null) return containment(room, random, service) ?? declare(random, mark, service);
  if (roll < 0.94 && open.length < MOST_OPEN) return declare(random, mark);
  return ending(random.pick(Object.values(room.incidents)), random);
};

const declare = (random: Random, mark: string, service: string = random.pick(SERVICES)): PersonCommandInput => ({
  type: 'declare',
  title: `trouble ${mark}`,
  services: [service],
  severity: random.pick(SEVERITIES),
});

const ending = (incident: Incident, random: Random): PersonCommandInput =>
  isOpen(incident)
    ? { type: 'resolve', incident: incident.id }
    : { type: 'close', incident: incident.id, falseAlarm: random.chance(0.2), reason: 'it is over' };

const IS_OVER: ReadonlySet<Action['state']['name']> = new Set(['refused', 'disarmed', 'failed', 'undone', 'let-go']);

/** One step on with what there is on the service, or a new containment; null where no incident is open for one. */
const containment = (room: Room, random: Random, service: string): PersonCommandInput | null => {
  const name = random.pick(Object.keys(ACTIONS) as ActionName[]);
  const its = Object.values(room.incidents)
    .flatMap((incident) => Object.values(incident.actions))
    .filter((action) => action.service === service && action.name === name && !IS_OVER.has(action.state.name));
  // An undo that is done stands as applied, beside what it took back.
  const current = its.filter((action) => action.undoes === null || action.state.name !== 'applied').at(-1);
  if (current === undefined) {
    const incident = Object.values(room.incidents).find((one) => isOpen(one) && one.services.includes(service));
    return incident === undefined
      ? null
      : { type: 'contain', incident: incident.id, service, name, params: {}, arm: true };
  }
  switch (current.state.name) {
    case 'applied':
      return { type: 'undo', action: current.id, arm: true };
    case 'planned':
      return { type: 'arm', action: current.id };
    default:
      return { type: 'confirm', action: current.id, typed: null };
  }
};
