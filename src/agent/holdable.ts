// Owns which decisions go on while the log takes no writes: what calls people, and what became of effects that were begun before.
import type { Command } from '../incident/commands.ts';

/**
 * Whether a decision may be held in memory until the log takes writes again. Nothing that a person asks for is: exit 0 means it cannot
 * be lost. Nothing that changes the outside world is: an effect follows its commit. A page is the exception that design §2.3 makes.
 */
export const isHoldable = (command: Command): boolean => {
  switch (command.type) {
    case 'start-agent':
    case 'note-clock-jump':
    case 'note-stall':
    case 'end-false-alarm':
    case 'note-configuration':
    case 'note-token':
    case 'report-breach':
    case 'report-alerts':
    case 'end-silence':
    case 'tell-held':
    case 'reach-level':
    case 'expire-acknowledgement':
    case 'miss-response':
    case 'propose-recovery':
    case 'withdraw-recovery':
    case 'record-sent':
    case 'record-not-sent':
    case 'record-applied':
    case 'record-gone':
    case 'record-failed':
    case 'record-unknown':
    case 'expire-arm':
      return true;
    default:
      return false;
  }
};
