// Owns what each menu offers: the words of every choice, and why one is not to be had.

import type { RoomView } from '../client/room-client.ts';
import type { ConfirmPolicy } from '../incident/events.ts';
import { own } from '../incident/own.ts';
import type { Action, Incident } from '../incident/state.ts';
import {
  isAbove,
  ROLES,
  type Role,
  SEVERITIES,
  type Severity,
  WORKING_PHASES,
  type WorkingPhase,
} from '../incident/words.ts';
import type { Menu } from './dialog.ts';
import { percent } from './format.ts';
import { rememberedWith } from './remembered.ts';
import { actionTitle, undoable } from './select.ts';
import { roleWords } from './sentences.ts';

export type Choice =
  | { readonly kind: 'contain'; readonly service: string; readonly action: string }
  | { readonly kind: 'undo'; readonly action: string }
  | { readonly kind: 'claim' | 'release'; readonly role: Role }
  | { readonly kind: 'severity'; readonly severity: Severity }
  | { readonly kind: 'phase'; readonly phase: WorkingPhase }
  | { readonly kind: 'service'; readonly service: string };

export interface Option {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly disabledReason: string | null;
  readonly choice: Choice;
}

type Unkeyed = Omit<Option, 'key'>;

// Without h, j, k and q, which move and leave.
const OPTION_KEYS = '123456789abcdefgilmnoprstuvwxyz';

export const optionsOf = rememberedWith((menu: Menu, view: RoomView): readonly Option[] =>
  unkeyed(menu, view).map((option, index) => ({ ...option, key: OPTION_KEYS[index] ?? '' })),
);

export const titleOf = (menu: Menu): string => {
  switch (menu.kind) {
    case 'contain':
      return 'Contain: nothing happens before it is confirmed, as said here, on the card';
    case 'undo':
      return 'Take back which containment?';
    case 'roles':
      return 'Roles: take a free one, give up your own';
    case 'severity':
      return 'Severity: raising acts at once, lowering wants a reason';
    case 'phase':
      return 'Phase';
    case 'declare-service':
      return 'Declare an incident: which service?';
    case 'declare-severity':
      return 'Declare: how bad is it?';
    default:
      return menu satisfies never;
  }
};

const unkeyed = (menu: Menu, view: RoomView): readonly Unkeyed[] => {
  switch (menu.kind) {
    case 'contain':
      return onIncident(menu, view, (incident) => containOptions(incident, view));
    case 'undo':
      return onIncident(menu, view, (incident) => undoable(incident).map(undoOption));
    case 'roles':
      return onIncident(menu, view, (incident) => ROLES.map((role) => roleOption(role, incident, view)));
    case 'severity':
      return onIncident(menu, view, (incident) =>
        SEVERITIES.map((severity) => severityOption(severity, incident, view)),
      );
    case 'phase':
      return onIncident(menu, view, (incident) => WORKING_PHASES.map((phase) => phaseOption(phase, incident)));
    case 'declare-service':
      return Object.entries(view.policy.services).map(([service, card]) => ({
        title: service,
        detail: card.core ? 'core service' : '',
        disabledReason: null,
        choice: { kind: 'service', service },
      }));
    case 'declare-severity':
      return SEVERITIES.map((severity) => ({
        title: severity,
        detail: definition(severity, view),
        disabledReason: null,
        choice: { kind: 'severity', severity },
      }));
    default:
      return menu satisfies never;
  }
};

const onIncident = (
  menu: { readonly incident: string },
  view: RoomView,
  options: (incident: Incident) => readonly Unkeyed[],
): readonly Unkeyed[] => {
  const incident = own(view.room.incidents, menu.incident);
  return incident === undefined ? [] : options(incident);
};

/** What it takes, in so few words that they fit beside the longest choice. */
const confirmWords: Readonly<Record<ConfirmPolicy, string>> = {
  none: 'acts at once',
  key: 'y',
  typed: 'type name + y',
  'two-person': '2 persons',
};

const CONFIRM_WIDTH = Math.max(...Object.values(confirmWords).map((words) => words.length));

/** Where customers are, one key is never enough. */
const confirmIn = ({ environment }: Incident, policy: ConfirmPolicy): ConfirmPolicy =>
  environment.production && (policy === 'none' || policy === 'key') ? 'typed' : policy;

const containOptions = (incident: Incident, view: RoomView): readonly Unkeyed[] =>
  incident.services.flatMap((service) =>
    (own(view.policy.services, service)?.actions ?? []).map((name): Unkeyed => {
      const policy = own(view.policy.actions, name);
      const policyTitle = policy?.title ?? '';
      return {
        title: `${name} on ${service}`,
        detail: `${confirmWords[confirmIn(incident, policy?.confirm ?? 'key')].padEnd(CONFIRM_WIDTH)}  ${policyTitle === name ? '' : policyTitle}`,
        disabledReason: inTheWay(name, service, view),
        choice: { kind: 'contain', service, action: name },
      };
    }),
  );

const inTheWay = (name: string, service: string, view: RoomView): string | null => {
  for (const incident of Object.values(view.room.incidents)) {
    for (const action of Object.values(incident.actions)) {
      if (action.name !== name || action.service !== service || action.undoes !== null) continue;
      const { name: state } = action.state;
      if (state === 'applied' || state === 'unknown') return `in place already as ${action.id}`;
      if (state === 'requested' || state === 'armed' || state === 'confirmed' || state === 'started')
        return `${action.id} is ${state}`;
    }
  }
  return null;
};

const undoOption = (action: Action): Unkeyed => ({
  title: `${action.id}  ${actionTitle(action)}`,
  detail:
    action.state.name === 'applied'
      ? `errors were ${percent(action.state.errorRatioBefore)}; ${action.plan?.inverse ?? ''}`
      : 'state unknown',
  disabledReason: null,
  choice: { kind: 'undo', action: action.id },
});

const roleOption = (role: Role, incident: Incident, view: RoomView): Unkeyed => {
  const holder = incident.roles[role]?.person ?? null;
  const title = own(view.policy.roles, role)?.title ?? roleWords[role];
  if (holder === null)
    return { title: `take ${title}`, detail: 'free', disabledReason: null, choice: { kind: 'claim', role } };
  const mine = holder === view.me;
  return {
    title: mine ? `give up ${title}` : `take ${title}`,
    detail: mine ? 'yours' : '',
    disabledReason: mine ? null : `${holder} has it and gives it up first`,
    choice: { kind: mine ? 'release' : 'claim', role },
  };
};

const definition = (severity: Severity, view: RoomView): string =>
  own(view.policy.severities, severity)?.definition ?? '';

const severityOption = (severity: Severity, incident: Incident, view: RoomView): Unkeyed => {
  const commander = incident.roles.commander?.person ?? null;
  const lowers = isAbove(incident.severity, severity);
  const why =
    severity === incident.severity
      ? 'as it is'
      : lowers && commander !== view.me
        ? `only the commander lowers it (${commander ?? 'nobody has command: r'})`
        : null;
  return {
    title: severity,
    detail: definition(severity, view),
    disabledReason: why,
    choice: { kind: 'severity', severity },
  };
};

const phaseOption = (phase: WorkingPhase, incident: Incident): Unkeyed => ({
  title: phase,
  detail: '',
  disabledReason: phase === incident.phase ? 'as it is' : null,
  choice: { kind: 'phase', phase },
});
