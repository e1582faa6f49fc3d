// Owns the one question everything passes through: may this happen, and what then? Pure: time and rules are arguments.
import { announcementsOf } from './announcements.ts';
import { decideArchive } from './archiving.ts';
import type { Command } from './commands.ts';
import {
  decideApplied,
  decideExpireArm,
  decideExpireContainment,
  decideFailed,
  decideGone,
  decidePlan,
  decideRefusedPlan,
  decideStart,
  decideUnknown,
} from './decide-action-outcome.ts';
import { decideAlert, decideAlerts } from './decide-alert.ts';
import {
  decideArm,
  decideConfirm,
  decideContain,
  decideDisarm,
  decideLetGo,
  decideUndo,
} from './decide-containment.ts';
import { decideBreach, decideDeclare, decideProposeRecovery, decideWithdrawRecovery } from './decide-declaration.ts';
import { decideNotSent, decideSent, decideTestContact } from './decide-delivery.ts';
import { decideClose, decideReopen, decideResolve } from './decide-ending.ts';
import {
  decideAcknowledge,
  decideExpireAcknowledgement,
  decideMissResponse,
  decideReachLevel,
} from './decide-escalation.ts';
import { decideSetPeople } from './decide-people.ts';
import {
  decideAddNote,
  decideChangeServices,
  decideCorrectNote,
  decideEnterPhase,
  decideRetitle,
  decideSetSeverity,
} from './decide-response.ts';
import { decideAssignRole, decideClaimRole, decideReleaseRole, decideSetDuty } from './decide-roles.ts';
import { decideEndSilence, decideLiftSilence, decideSilence, decideTellHeld } from './decide-silence.ts';
import { commits, commitsAll, type Decision, type DecisionContext, refuses } from './decision.ts';
import { restsAfterFalseAlarm } from './false-alarms.ts';
import { includes, type Permission, permissionFor } from './permission.ts';
import type { Room } from './state.ts';
import { safeText } from './text.ts';
import { roomFor } from './visibility.ts';

/** Decides `command` on `room`: the events to commit, or why not. Never throws, reads no clock, changes nothing. */
export const decide = (room: Room, command: Command, context: DecisionContext): Decision => {
  const decision =
    context.actor.kind === 'person' ? decideFor(room, command, context) : decideOne(room, command, context);
  if (!decision.ok) return decision;
  return commitsAll([...decision.events, ...announcementsOf(room, decision.events, context)]);
};

/** A person decides within their permission, on what they see: what is hidden from them is not there. */
const decideFor = (room: Room, command: Command, context: DecisionContext): Decision => {
  const needed = permissionFor(command);
  if (needed === null || !includes(context.permission, needed)) return notPermitted(command, needed, context);
  return decideOne(roomFor(room, context.actor.name), command, { ...context, wholeRoom: room });
};

const notPermitted = (command: Command, needed: Permission | null, { permission, actor }: DecisionContext): Decision =>
  refuses(
    'not-permitted',
    `${actor.name} ${permission === null ? 'has no permission' : `is a ${permission}`}: ${command.type} needs ${needed === null ? 'the agent itself' : `a ${needed}`}`,
    'ask somebody who may, or for another token: warroom token add NAME --permission …',
  );

const decideOne = (room: Room, command: Command, context: DecisionContext): Decision => {
  switch (command.type) {
    case 'start-agent':
      return commits({ type: 'agent.started', version: command.version });
    case 'note-clock-jump':
      return commits({ type: 'clock.jumped', byMs: command.byMs });
    case 'note-stall':
      return commits({ type: 'agent.stalled', forMs: command.forMs });
    case 'end-false-alarm':
      return restsAfterFalseAlarm(room, command)
        ? commits({ type: 'false_alarm.ended', service: command.service, rule: command.rule })
        : refuses('nothing-due', 'no false alarm rests there', 'nothing to do');
    case 'declare':
      return decideDeclare(room, command, context);
    case 'report-alert':
      return decideAlert(room, command, context);
    case 'report-alerts':
      return decideAlerts(room, command, context);
    case 'report-breach':
      return decideBreach(room, command, context);
    case 'propose-recovery':
      return decideProposeRecovery(room, command);
    case 'withdraw-recovery':
      return decideWithdrawRecovery(room, command);
    case 'set-severity':
      return decideSetSeverity(room, command, context);
    case 'enter-phase':
      return decideEnterPhase(room, command);
    case 'claim-role':
      return decideClaimRole(room, command, context);
    case 'release-role':
      return decideReleaseRole(room, command, context);
    case 'assign-role':
      return decideAssignRole(room, command, context);
    case 'set-duty':
      return decideSetDuty(room, command, context);
    case 'add-note':
      return decideAddNote(room, command);
    case 'correct-note':
      return decideCorrectNote(room, command);
    case 'retitle':
      return decideRetitle(room, command);
    case 'change-services':
      return decideChangeServices(room, command, context);
    case 'set-people':
      return decideSetPeople(room, command, context);
    case 'archive-incident':
      return decideArchive(room, command, context);
    case 'acknowledge':
      return decideAcknowledge(room, command, context);
    case 'expire-acknowledgement':
      return decideExpireAcknowledgement(room, command, context);
    case 'reach-level':
      return decideReachLevel(room, command, context);
    case 'miss-response':
      return decideMissResponse(room, command, context);
    case 'record-sent':
      return decideSent(room, command);
    case 'record-not-sent':
      return decideNotSent(room, command);
    case 'test-contact':
      return decideTestContact(room, command, context);
    case 'silence':
      return decideSilence(room, command, context);
    case 'lift-silence':
      return decideLiftSilence(room, command, context);
    case 'tell-held':
      return decideTellHeld(room, command, context);
    case 'end-silence':
      return decideEndSilence(room, command, context);
    case 'note-configuration':
      return decideConfiguration(room, command.problem);
    case 'note-token': {
      const { change, name, permission, by } = command;
      return commits({ type: `token.${change}`, name, permission, by: by === null ? null : safeText(by, 64) });
    }
    case 'contain':
      return decideContain(room, command, context);
    case 'undo':
      return decideUndo(room, command);
    case 'let-go':
      return decideLetGo(room, command, context);
    case 'arm':
      return decideArm(room, command, context);
    case 'disarm':
      return decideDisarm(room, command);
    case 'confirm':
      return decideConfirm(room, command, context);
    case 'record-plan':
      return decidePlan(room, command, context);
    case 'refuse-plan':
      return decideRefusedPlan(room, command);
    case 'expire-arm':
      return decideExpireArm(room, command, context);
    case 'start-action':
      return decideStart(room, command, context);
    case 'record-applied':
      return decideApplied(room, command, context);
    case 'record-gone':
      return decideGone(room, command);
    case 'record-failed':
      return decideFailed(room, command);
    case 'record-unknown':
      return decideUnknown(room, command);
    case 'expire-containment':
      return decideExpireContainment(room, command, context);
    case 'resolve':
      return decideResolve(room, command);
    case 'reopen':
      return decideReopen(room, command, context);
    case 'close':
      return decideClose(room, command);
    default:
      return command satisfies never;
  }
};

const decideConfiguration = (room: Room, problem: string | null): Decision => {
  if (problem === null) return commits({ type: 'configuration.loaded' });
  return room.configurationRefused?.problem === safeText(problem)
    ? refuses('already-so', 'that problem is known', 'nothing to do')
    : commits({ type: 'configuration.refused', problem: safeText(problem) });
};
