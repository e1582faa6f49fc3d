// Owns what responders say about an incident: severity, phase, notes and corrections.
import type { PersonCommand } from './commands.ts';
import { knownServices } from './decide-declaration.ts';
import { commits, type Decision, type DecisionContext, onIncident, onOpenIncident, refuses } from './decision.ts';
import { startLadder } from './escalation.ts';
import { own } from './own.ts';
import { expectResponse } from './response.ts';
import type { Room } from './state.ts';
import { isAbove } from './words.ts';

type CommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;

/** Raising is anybody's and at once; lowering is the commander's, with a reason (field 4.4). */
export const decideSetSeverity = (room: Room, command: CommandOf<'set-severity'>, context: DecisionContext): Decision =>
  onOpenIncident(room, command.incident, (incident) => {
    const { severity: to, reason } = command;
    const from = incident.severity;
    if (to === from) return refuses('already-so', `${incident.id} is ${to} already`, 'nothing to do');
    if (isAbove(to, from)) {
      return commits(
        { type: 'severity.raised', incident: incident.id, from, to, reason, evidence: null, pinned: true },
        ...expectResponse(incident.id, { severity: to, from: context.now }, context),
        ...startLadder(incident, { severity: to, why: 'raised' }, context),
      );
    }
    const commander = incident.roles.commander?.person ?? null;
    if (commander !== context.actor.name) {
      const remedy = commander === null ? 'claim command first: nobody has it' : `ask ${commander}, who has command`;
      return refuses('commander-only', `only the commander lowers severity from ${from} to ${to}`, remedy);
    }
    if (reason === '')
      return refuses('reason-required', `lowering from ${from} to ${to} needs a reason`, 'give one: --reason "…"');
    return commits(
      { type: 'severity.lowered', incident: incident.id, from, to, reason, evidence: null, pinned: true },
      ...(incident.response !== null && incident.response.metAt !== null
        ? []
        : expectResponse(incident.id, { severity: to, from: context.now }, context)),
      ...startLadder(incident, { severity: to, why: 'lowered' }, context),
    );
  });

export const decideEnterPhase = (room: Room, command: CommandOf<'enter-phase'>): Decision =>
  onOpenIncident(room, command.incident, (incident) =>
    incident.phase === command.phase
      ? refuses('already-so', `${incident.id} is in ${command.phase} already`, 'nothing to do')
      : commits({ type: 'phase.entered', incident: incident.id, from: incident.phase, to: command.phase }),
  );

// Notes are taken, and put right, also after the end: the post-mortem is written from them.
export const decideAddNote = (room: Room, command: CommandOf<'add-note'>): Decision =>
  onIncident(room, command.incident, (incident) =>
    commits({
      type: 'note.added',
      incident: incident.id,
      note: `N${Object.keys(incident.notes).length + 1}`,
      text: command.text,
    }),
  );

export const decideCorrectNote = (room: Room, command: CommandOf<'correct-note'>): Decision =>
  onIncident(room, command.incident, (incident) => {
    const { note, text } = command;
    if (own(incident.notes, note) === undefined) {
      return refuses('no-such-note', `${incident.id} has no note ${note}`, 'its notes are in the timeline');
    }
    return commits({ type: 'note.corrected', incident: incident.id, note, text });
  });

export const decideRetitle = (room: Room, command: CommandOf<'retitle'>): Decision =>
  onIncident(room, command.incident, (incident) =>
    incident.title === command.title
      ? refuses('already-so', 'that is the title already', 'nothing to do')
      : commits({ type: 'incident.retitled', incident: incident.id, title: command.title }),
  );

export const decideChangeServices = (
  room: Room,
  command: CommandOf<'change-services'>,
  context: DecisionContext,
): Decision =>
  onIncident(room, command.incident, (incident) => {
    const services = [...new Set<string>(command.services)];
    const stranger = services.find(
      (service) => own(context.policy.services, service) === undefined && !incident.services.includes(service),
    );
    if (stranger !== undefined)
      return refuses('no-such-service', `there is no service ${stranger}`, knownServices(context.policy));
    return commits({ type: 'incident.services_changed', incident: incident.id, services });
  });
