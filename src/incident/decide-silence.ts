// Owns silences: set by a person for some services and some time, lifted or expired, and then whatever still fires is told.
import type { AgentCommand, PersonCommand } from './commands.ts';
import { eachAlert } from './decide-alert.ts';
import { knownServices } from './decide-declaration.ts';
import { commits, commitsAll, type Decision, type DecisionContext, refuses } from './decision.ts';
import type { EventOf, IncidentEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { own } from './own.ts';
import { EVERY_SERVICE, heldUntold } from './silences.ts';
import type { Room, Silence } from './state.ts';
import { plusMs } from './time.ts';
import type { SilenceId } from './words.ts';

type CommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;

export const decideSilence = (room: Room, command: CommandOf<'silence'>, context: DecisionContext): Decision => {
  const services = [...new Set<string>(command.services)];
  const stranger = services.find((service) => !isKnown(room, service, context));
  if (stranger !== undefined)
    return refuses('no-such-service', `there is no service ${stranger}`, knownServices(context.policy));
  const startsAt = plusMs(context.now, command.startsInMs);
  return commits({
    type: 'silence.set',
    silence: `S${room.silencesNumbered + 1}`,
    services,
    startsAt,
    endsAt: plusMs(startsAt, command.forMs),
    reason: command.reason,
  });
};

// Alerts come for services that nobody configured; what an incident is about can be silenced too.
const isKnown = (room: Room, service: string, { policy }: DecisionContext): boolean =>
  service === EVERY_SERVICE ||
  own(policy.services, service) !== undefined ||
  Object.values(room.incidents).some((incident) => incident.services.includes(service));

export const decideLiftSilence = (
  room: Room,
  { silence }: CommandOf<'lift-silence'>,
  context: DecisionContext,
): Decision => onSilence(room, silence, (one) => ending(room, { silence: one, because: 'lifted' }, context));

export const decideEndSilence = (
  room: Room,
  { silence }: Extract<AgentCommand, { type: 'end-silence' }>,
  context: DecisionContext,
): Decision =>
  onSilence(room, silence, (one) =>
    one.endsAt > context.now
      ? refuses('nothing-due', `${silence} lasts until ${one.endsAt}`, 'nothing to do')
      : ending(room, { silence: one, because: 'expired' }, context),
  );

const onSilence = (room: Room, id: SilenceId, decide: (silence: Silence) => Decision): Decision => {
  const silence = own(room.silences, id);
  if (silence === undefined)
    return refuses('no-such-silence', `there is no silence ${id}`, 'see warroom silence --list');
  return silence.ended === null ? decide(silence) : refuses('already-so', `${id} has ended already`, 'nothing to do');
};

const TOLD_AT_ONCE = 500;

/** What fires at the end of a silence is decided as if it came now. Held breaches are told by the agent's next look. */
const ending = (
  room: Room,
  { silence, because }: { readonly silence: Silence; readonly because: 'expired' | 'lifted' },
  context: DecisionContext,
): Decision => {
  const ended: EventOf<'silence.ended'> = { type: 'silence.ended', silence: silence.id, because };
  const without = evolve(room, ended, { seq: 0, at: context.now, actor: context.actor });
  return commitsAll([ended, ...tellHeld(without, silence, context)]);
};

/** Thousands may be held: so many at a time, that nobody waits for the rest. */
export const decideTellHeld = (
  room: Room,
  { silence: id }: Extract<AgentCommand, { type: 'tell-held' }>,
  context: DecisionContext,
): Decision => {
  const silence = own(room.silences, id);
  const events = silence === undefined || silence.ended === null ? [] : tellHeld(room, silence, context);
  return events.length === 0
    ? refuses('nothing-due', `nothing of ${id} is to be told`, 'nothing to do')
    : commitsAll(events);
};

const tellHeld = (room: Room, silence: Silence, context: DecisionContext): readonly IncidentEvent[] => {
  const next = heldUntold(silence).slice(0, TOLD_AT_ONCE);
  const last = next.at(-1);
  if (last === undefined) return [];
  const firing = next.map((alert) => ({ ...alert, firing: true }));
  return [...eachAlert(room, firing, context), { type: 'held_alerts.told', silence: silence.id, upTo: last.ordinal }];
};
