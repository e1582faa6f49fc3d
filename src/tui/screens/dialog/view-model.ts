// Owns what menus, text entries and questions show, as plain data.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import { type Incident, ledgerOf } from '../../../incident/state.ts';
import type { SilenceId } from '../../../incident/words.ts';
import type { Dialog, Purpose, Question } from '../../dialog.ts';
import { plural } from '../../format.ts';
import { type Option, optionsOf, titleOf } from '../../menu-options.ts';
import { actionTitle } from '../../select.ts';
import { roleWords } from '../../sentences.ts';
import { errorsOf } from '../room/signals-model.ts';
import { silenced } from '../silences/view-model.ts';

export type DialogModel =
  | { readonly kind: 'menu'; readonly title: string; readonly options: readonly Option[]; readonly cursor: number }
  | { readonly kind: 'entry'; readonly title: string; readonly text: string; readonly hint: string }
  | {
      readonly kind: 'ask';
      readonly title: string;
      /** What speaks against it. */
      readonly warnings: readonly string[];
      readonly lines: readonly string[];
      readonly refused: string | null;
    };

type Boxed = Extract<Dialog, { readonly name: 'menu' | 'entry' | 'ask' }>;

export const dialogModel = (view: RoomView, dialog: Boxed): DialogModel => {
  switch (dialog.name) {
    case 'menu':
      return {
        kind: 'menu',
        title: titleOf(dialog.menu),
        options: optionsOf(dialog.menu, view),
        cursor: dialog.cursor,
      };
    case 'entry':
      return { kind: 'entry', title: entryTitle(dialog.purpose), text: dialog.text, hint: entryHint(dialog.purpose) };
    case 'ask':
      return {
        kind: 'ask',
        ...questionWords(view, dialog.question),
        refused: dialog.refusal === null ? null : `${dialog.refusal.message}; ${dialog.refusal.remedy}`,
      };
    default:
      return dialog satisfies never;
  }
};

const entryTitle = (purpose: Purpose): string => {
  switch (purpose.kind) {
    case 'note':
      return `Note for ${purpose.incident}`;
    case 'title':
      return `Title of ${purpose.incident}`;
    case 'lower':
      return `Why lower ${purpose.incident} to ${purpose.severity}?`;
    case 'false-alarm':
      return `Why is ${purpose.incident} a false alarm? (may stay empty)`;
    case 'reopen':
      return `Why reopen ${purpose.incident}? (may stay empty)`;
    case 'declare-title':
      return `Declare on ${purpose.service}: what is wrong, in one line?`;
    case 'give-role':
      return `Who is to be ${roleWords[purpose.role]} of ${purpose.incident}?`;
    case 'silence':
      return purpose.service === null
        ? 'Silence which service, how long, and why? e.g. checkout 30m deploy of 4.2   (* is every service)'
        : `Silence ${purpose.service} for how long, and why? e.g. 30m deploy of 4.2`;
    default:
      return purpose satisfies never;
  }
};

const entryHint = (purpose: Purpose): string =>
  purpose.kind === 'declare-title' || purpose.kind === 'false-alarm'
    ? 'Enter goes on, Esc leaves'
    : 'Enter sends, Esc leaves';

const left = (incident: Incident): readonly string[] =>
  ledgerOf(incident).map((action) => `  ${action.id}  ${actionTitle(action)}`);

const failing = (view: RoomView, service: string): readonly string[] => {
  const { errors, unknownReason, isAboveLimit } = errorsOf(view, service);
  if (unknownReason !== null) return [`nobody knows whether ${service} works: errors unknown, ${unknownReason}`];
  return isAboveLimit ? [`${service} still fails ${errors}, above its limit`] : [];
};

type QuestionWords = Pick<Extract<DialogModel, { kind: 'ask' }>, 'title' | 'warnings' | 'lines'>;

/** Lifting changes nothing in the world, but what was held back may declare and page. */
const liftWords = (view: RoomView, id: SilenceId): QuestionWords => {
  const silence = own(view.room.silences, id);
  if (silence === undefined) return { title: `${id} is not here any more`, warnings: [], lines: [] };
  const { alertCount, breaches, ended } = silence;
  const firing =
    alertCount.firing === 0
      ? []
      : [`${plural(alertCount.firing, 'held alert')} still firing: lifting may declare, and page`];
  const breached = [...new Set(breaches.map(({ service }) => service))];
  return {
    title: `Lift ${id}: ${silenced(silence)}?`,
    warnings: ended !== null ? [`it has ended already`] : firing,
    lines: [
      ...(breached.length === 0 ? [] : [`held breaches of ${breached.join(', ')}: what still breaches declares`]),
      ...(firing.length === 0 && breached.length === 0 ? ['nothing is held: nothing declares by this'] : []),
      ...(silence.reason === '' ? [] : [`set by ${silence.by}: ${silence.reason}`]),
    ],
  };
};

const questionWords = (view: RoomView, question: Question): QuestionWords => {
  if (question.kind === 'lift-silence') return liftWords(view, question.silence);
  const incident = own(view.room.incidents, question.incident);
  if (incident === undefined) return { title: `${question.incident} is not here any more`, warnings: [], lines: [] };
  const inPlace = left(incident);
  const what = `${incident.id}: ${incident.title}`;
  switch (question.kind) {
    case 'resolve': {
      const stays =
        inPlace.length === 0
          ? ['nothing is left in place']
          : [
              `${plural(inPlace.length, 'containment')} STILL IN PLACE, and closing will be refused until taken back:`,
              ...inPlace,
            ];
      return {
        title: `Resolve ${what}?`,
        warnings: incident.services.flatMap((service) => failing(view, service)),
        lines: ['escalation ends, pending pages are called off', ...stays],
      };
    }
    case 'close':
      return {
        title: `Close ${what}?`,
        warnings: [],
        lines:
          inPlace.length === 0
            ? ['nothing is left in place']
            : ['still in place, so this will be refused:', ...inPlace],
      };
    case 'false-alarm':
      return {
        title: `Close ${what} as a FALSE ALARM?`,
        warnings: [],
        lines: [
          'it stays out of the statistics',
          ...(question.reason === '' ? [] : [`reason: ${question.reason}`]),
          ...(inPlace.length === 0 ? [] : ['still in place, so this will be refused:', ...inPlace]),
        ],
      };
    default:
      return question satisfies never;
  }
};
