// Owns how the command line tells of one containment: its plan before, its outcome after, and the same for scripts.
import { type Action, ledgerOf, type Room } from '../incident/state.ts';
import { percent, timeOfDay } from '../tui/format.ts';
import { ARROW } from '../tui/glyphs.ts';
import { failureWords } from '../tui/sentences.ts';
import { columns } from './print.ts';

export const actionTitle = ({ id, name, service, undoes }: Action): string =>
  undoes === null ? `${id} ${name} on ${service}` : `${id} takes back ${undoes}, ${name} on ${service}`;

/** The whole plan, as much as a person needs to say yes or no. */
export const planLines = (action: Action): readonly string[] => {
  const { plan } = action;
  if (plan === null) return [`${actionTitle(action)}: no plan`];
  const changes = plan.changes.map(({ path, before, after }) => `${path}: ${before} ${ARROW} ${after}`);
  const rows = [
    ['target', plan.target],
    ...labelled('changes', changes.length === 0 ? ['nothing: it is so already'] : changes),
    ...labelled('touches', plan.touches),
    ['command', plan.command],
    ['inverse', plan.inverse],
    ['confirm', confirmWords(action)],
  ];
  return [`${actionTitle(action)} (${action.incident})`, ...columns(rows).map((line) => `  ${line}`)];
};

const labelled = (label: string, texts: readonly string[]): readonly (readonly string[])[] =>
  texts.map((text, index) => [index === 0 ? label : '', text]);

const confirmWords = ({ confirm, service }: Action): string => {
  switch (confirm) {
    case 'none':
      return 'not asked: policy marks it harmless';
    case 'key':
      return 'one person';
    case 'typed':
      return `one person, who types ${service}`;
    case 'two-person':
      return 'a second person';
    default:
      return confirm satisfies never;
  }
};

/** What is true once it is over, and the way back. */
export const outcomeLines = (action: Action): readonly string[] => {
  const { id, state, undoes } = action;
  switch (state.name) {
    case 'applied': {
      if (undoes !== null) return [`${undoes} is taken back (${id})`];
      const expires = state.expiresAt === null ? '' : `, expires ${timeOfDay(state.expiresAt)} UTC`;
      const errors = state.errorRatioBefore === null ? '' : `, errors were ${percent(state.errorRatioBefore)}`;
      return [`applied: ${actionTitle(action)}${errors}${expires}`, `take it back: warroom undo ${id}`];
    }
    case 'undone':
      return [`applied and taken back: ${actionTitle(action)} (${state.by})`];
    case 'unknown':
      return [`UNKNOWN: ${actionTitle(action)}: ${state.detail}`, 'the agent goes on looking: warroom ledger'];
    case 'failed':
    case 'refused':
      return [
        `failed: ${actionTitle(action)}: ${failureWords[state.reason]}: ${state.detail}`,
        ...(state.name === 'refused' ? state.changes : []).map(
          ({ path, before, after }) => `  ${path}: ${before} ${ARROW} ${after}`,
        ),
      ];
    case 'let-go':
      return [`left as it is: ${actionTitle(action)} (${state.by}: ${state.reason})`];
    case 'disarmed':
      return [`cancelled: ${actionTitle(action)}: nothing was changed`];
    case 'requested':
    case 'planned':
    case 'armed':
    case 'confirmed':
    case 'started':
      return [`${actionTitle(action)} is ${state.name}`];
    default:
      return state satisfies never;
  }
};

/** The stable shape of an action for scripts. Fields are added, never renamed. */
export const actionFields = (action: Action) => {
  const { id, incident, service, name, params, undoes, confirm, requestedBy, confirmedBy, state, plan } = action;
  return {
    action: {
      id,
      incident,
      service,
      name,
      params,
      undoes,
      confirm,
      requestedBy,
      confirmedBy,
      state: state.name,
      appliedAt: state.name === 'applied' ? state.at : null,
      expiresAt: state.name === 'applied' ? state.expiresAt : null,
      plan: plan === null ? null : planFields(plan),
    },
  };
};

const planFields = ({ driver, target, changes, touches, command, inverse }: NonNullable<Action['plan']>) => ({
  driver,
  target,
  changes,
  touches,
  command,
  inverse,
});

/** Everything in place in the whole room, oldest first. */
export const ledgerOfRoom = (room: Room): readonly Action[] => Object.values(room.incidents).flatMap(ledgerOf);
