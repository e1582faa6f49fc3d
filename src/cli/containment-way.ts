// Owns what one containment has at hand on its way through the command line, and waiting for the action to get somewhere.
import type { RoomClient, RoomView } from '../client/room-client.ts';
import { untilView } from '../client/until-view.ts';
import type { Action, ActionState } from '../incident/state.ts';
import { findAction } from '../tui/select.ts';
import type { Answering } from './answer.ts';
import type { LineAsker } from './line-asker.ts';
import type { Shell } from './shell.ts';

export interface ContainmentOptions extends Answering {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export interface Way {
  readonly client: RoomClient;
  readonly shell: Shell;
  readonly options: ContainmentOptions;
  readonly interrupt: AbortSignal;
  /** Null where nobody can be asked, or need not be. */
  readonly asker: LineAsker | null;
}

export interface Until {
  readonly is: (state: ActionState) => boolean;
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/** The action once its state is as wanted; null when that took too long or was interrupted. */
export const actionWhen = ({ client, interrupt }: Way, id: string, until: Until): Promise<Action | null> => {
  const signal = until.signal === undefined ? interrupt : AbortSignal.any([interrupt, until.signal]);
  const look = (view: RoomView): Action | null => {
    const action = findAction(view.room, id);
    return action !== null && until.is(action.state) ? action : null;
  };
  return untilView(client, look, { withinMs: until.withinMs, signal });
};
