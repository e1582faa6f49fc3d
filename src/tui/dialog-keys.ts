// Owns what keys do in menus, text entries, questions, lists and the help.
import type { PersonCommandInput } from '../incident/commands.ts';
import { own } from '../incident/own.ts';
import { isAbove } from '../incident/words.ts';
import { type Card, DEAD_TIME_MS, type Dialog, type Menu, maxLengthOf, type Purpose } from './dialog.ts';
import { connectionReason } from './key-reasons.ts';
import { type Key, motionsIn } from './keys.ts';
import { type Choice, type Option, optionsOf } from './menu-options.ts';
import { incidentsByUrgency } from './select.ts';
import { edit } from './text-field.ts';
import { closed, hint, moved, opened, type Situation, type Step, say, sending, stay, type Ui } from './ui.ts';

type Over = Exclude<Dialog, Card>;
type DialogOf<N extends Over['name']> = Extract<Over, { readonly name: N }>;

interface Press {
  readonly key: Key;
  readonly situation: Situation;
}

export const pressInDialog = (ui: Ui, dialog: Over, press: Press): Step => {
  switch (dialog.name) {
    case 'entry':
      return pressInEntry(ui, dialog, press);
    case 'ask':
      return pressInQuestion(ui, dialog, press);
    case 'menu':
      return pressInMenu(ui, dialog, press);
    case 'incidents':
      return pressInIncidents(ui, dialog, press);
    case 'help':
      return pressInHelp(ui, dialog, press);
    default:
      return dialog satisfies never;
  }
};

const leaves = (key: Key): boolean =>
  key.name === 'escape' ||
  key.name === 'left' ||
  (key.name === 'character' && (key.character === 'q' || key.character === 'h'));

const sent = (ui: Ui, command: PersonCommandInput, situation: Situation): Step => {
  const reason = connectionReason(situation);
  return reason === null ? sending(ui, command) : stay(say(ui, 'refused', `not sent: ${reason}`, situation));
};

const pressInHelp = (ui: Ui, dialog: DialogOf<'help'>, { key, situation }: Press): Step => {
  if (leaves(key) || (key.name === 'character' && key.character === '?')) return stay(closed(ui));
  const bounds = { max: situation.maxScroll, page: situation.page };
  return stay({
    ...ui,
    dialog: { ...dialog, top: motionsIn(key).reduce((at, motion) => moved(at, motion, bounds), dialog.top) },
  });
};

const pressInIncidents = (ui: Ui, dialog: DialogOf<'incidents'>, { key, situation }: Press): Step => {
  if (leaves(key)) return stay(closed(ui));
  const incidents = incidentsByUrgency(situation.view.room);
  const chosen = incidents[Math.min(dialog.cursor, incidents.length - 1)];
  if (key.name === 'enter' && chosen !== undefined) return stay({ ...closed(ui), incident: chosen.id, scroll: 0 });
  const bounds = { max: Math.max(0, incidents.length - 1), page: situation.page };
  return stay({
    ...ui,
    dialog: { ...dialog, cursor: motionsIn(key).reduce((at, motion) => moved(at, motion, bounds), dialog.cursor) },
  });
};

const pressInMenu = (ui: Ui, dialog: DialogOf<'menu'>, { key, situation }: Press): Step => {
  if (leaves(key)) return stay(closed(ui));
  const options = optionsOf(dialog.menu, situation.view);
  if (key.name === 'enter') return picked(ui, dialog, { option: options[dialog.cursor], situation });
  const motions = motionsIn(key);
  if (motions.length > 0) {
    const bounds = { max: Math.max(0, options.length - 1), page: situation.page };
    return stay({
      ...ui,
      notice: null,
      dialog: { ...dialog, cursor: motions.reduce((at, motion) => moved(at, motion, bounds), dialog.cursor) },
    });
  }
  if (key.name === 'chunk') return hint(ui, 'several keys at once do nothing here: press one', situation);
  if (key.name !== 'character') return stay(ui);
  return picked(ui, dialog, { option: options.find((option) => option.key === key.character), situation });
};

const picked = (
  ui: Ui,
  { menu }: DialogOf<'menu'>,
  { option, situation }: { readonly option: Option | undefined; readonly situation: Situation },
): Step => {
  if (option === undefined) return stay(ui);
  if (option.disabledReason !== null)
    return stay(say(ui, 'refused', `${option.title}: ${option.disabledReason}`, situation));
  return chosen(ui, menu, { choice: option.choice, situation });
};

const chosen = (
  ui: Ui,
  menu: Menu,
  { choice, situation }: { readonly choice: Choice; readonly situation: Situation },
): Step => {
  if (menu.kind === 'declare-service') {
    return choice.kind === 'service'
      ? stay(opened(ui, { name: 'entry', purpose: { kind: 'declare-title', service: choice.service }, text: '' }))
      : stay(ui);
  }
  if (menu.kind === 'declare-severity') {
    if (choice.kind !== 'severity') return stay(ui);
    return sent(
      ui,
      { type: 'declare', title: menu.title, services: [menu.service], severity: choice.severity },
      situation,
    );
  }
  const { incident } = menu;
  switch (choice.kind) {
    case 'contain':
      return sent(
        ui,
        { type: 'contain', incident, service: choice.service, name: choice.action, params: {}, arm: true },
        situation,
      );
    case 'undo':
      return sent(ui, { type: 'undo', action: choice.action, arm: true }, situation);
    case 'claim':
      return sent(ui, { type: 'claim-role', incident, role: choice.role }, situation);
    case 'release':
      return sent(ui, { type: 'release-role', incident, role: choice.role }, situation);
    case 'phase':
      return sent(ui, { type: 'enter-phase', incident, phase: choice.phase }, situation);
    case 'severity': {
      const from = own(situation.view.room.incidents, incident)?.severity ?? choice.severity;
      if (isAbove(from, choice.severity)) {
        return stay(
          opened(ui, { name: 'entry', purpose: { kind: 'lower', incident, severity: choice.severity }, text: '' }),
        );
      }
      return sent(ui, { type: 'set-severity', incident, severity: choice.severity, reason: '' }, situation);
    }
    case 'service':
      return stay(ui);
    default:
      return choice satisfies never;
  }
};

const pressInEntry = (ui: Ui, dialog: DialogOf<'entry'>, { key, situation }: Press): Step => {
  const edited = edit(dialog.text, key, maxLengthOf(dialog.purpose));
  switch (edited.name) {
    case 'text': {
      const changed = { ...ui, dialog: { ...dialog, text: edited.text } };
      return edited.entered ? entered(changed, dialog.purpose, { text: edited.text.trim(), situation }) : stay(changed);
    }
    case 'left':
      return stay(closed(ui));
    case 'ignored':
      return stay(ui);
    default:
      return edited satisfies never;
  }
};

const entered = (
  ui: Ui,
  purpose: Purpose,
  { text, situation }: { readonly text: string; readonly situation: Situation },
): Step => {
  const mayBeEmpty = purpose.kind === 'false-alarm' || purpose.kind === 'reopen';
  if (text === '' && !mayBeEmpty) return hint(ui, 'nothing written yet: Esc leaves', situation);
  switch (purpose.kind) {
    case 'note':
      return sent(ui, { type: 'add-note', incident: purpose.incident, text }, situation);
    case 'title':
      return sent(ui, { type: 'retitle', incident: purpose.incident, title: text }, situation);
    case 'lower':
      return sent(
        ui,
        { type: 'set-severity', incident: purpose.incident, severity: purpose.severity, reason: text },
        situation,
      );
    case 'reopen':
      return sent(ui, { type: 'reopen', incident: purpose.incident, reason: text }, situation);
    case 'declare-title':
      return stay(
        opened(ui, {
          name: 'menu',
          menu: { kind: 'declare-severity', service: purpose.service, title: text },
          cursor: 2,
        }),
      );
    case 'false-alarm': {
      const question = { kind: 'false-alarm', incident: purpose.incident, reason: text } as const;
      return stay(opened(ui, { name: 'ask', question, readyAtMs: situation.localMs + DEAD_TIME_MS, refusal: null }));
    }
    default:
      return purpose satisfies never;
  }
};

const pressInQuestion = (ui: Ui, dialog: DialogOf<'ask'>, { key, situation }: Press): Step => {
  if (leaves(key)) return stay(closed(ui));
  if (key.name === 'enter') return hint(ui, 'Enter does not answer: y is yes, x is no', situation);
  if (key.name === 'chunk') return hint(ui, 'several keys at once do nothing here: press one', situation);
  if (key.name !== 'character') return stay(ui);
  if (key.character === 'x' || key.character === 'n') return stay(closed(ui));
  if (key.character !== 'y') return stay(ui);
  const readyAtMs = situation.localMs + DEAD_TIME_MS;
  const pushed = { ...ui, dialog: { ...dialog, readyAtMs: Math.max(dialog.readyAtMs, readyAtMs) } };
  if (situation.localMs < dialog.readyAtMs) return hint(pushed, 'too soon: look, then press y once', situation);
  // The question stays until the answer is here: a refusal is shown in its place, with what is in the way.
  const step = sent(pushed, commandOf(dialog), situation);
  return step.effects.length === 0 ? step : { ui: pushed, effects: step.effects };
};

const commandOf = ({ question }: DialogOf<'ask'>): PersonCommandInput => {
  const { incident } = question;
  switch (question.kind) {
    case 'resolve':
      return { type: 'resolve', incident };
    case 'close':
      return { type: 'close', incident, falseAlarm: false, reason: '' };
    case 'false-alarm':
      return { type: 'close', incident, falseAlarm: true, reason: question.reason };
    default:
      return question satisfies never;
  }
};
