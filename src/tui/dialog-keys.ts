// Owns what keys do in menus, text entries, questions, lists and the help.
import type { PersonCommandInput } from '../incident/commands.ts';
import { type Card, DEAD_TIME_MS, type Dialog, maxLengthOf, type Purpose } from './dialog.ts';
import { type Key, motionsIn } from './keys.ts';
import { chosen } from './menu-choice.ts';
import { type Option, optionsOf } from './menu-options.ts';
import { pressInPalette } from './palette/palette-keys.ts';
import { pressOnScreen } from './screen-keys.ts';
import { silenceFrom } from './silence-words.ts';
import { edit } from './text-field.ts';
import { back, hint, moved, opened, type Situation, type Step, say, sent, sentAndBack, stay, type Ui } from './ui.ts';

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
    case 'screen':
      return pressOnScreen(ui, dialog, press);
    case 'palette':
      return pressInPalette(ui, dialog, press);
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

const pressInHelp = (ui: Ui, dialog: DialogOf<'help'>, { key, situation }: Press): Step => {
  if (leaves(key) || (key.name === 'character' && key.character === '?')) return stay(back(ui));
  const bounds = { max: situation.maxScroll, page: situation.page };
  return stay({
    ...ui,
    dialog: { ...dialog, top: motionsIn(key).reduce((at, motion) => moved(at, motion, bounds), dialog.top) },
  });
};

const pressInMenu = (ui: Ui, dialog: DialogOf<'menu'>, { key, situation }: Press): Step => {
  if (leaves(key)) return stay(back(ui));
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

const pressInEntry = (ui: Ui, dialog: DialogOf<'entry'>, { key, situation }: Press): Step => {
  const edited = edit(dialog.text, key, maxLengthOf(dialog.purpose));
  switch (edited.name) {
    case 'text': {
      const changed = { ...ui, dialog: { ...dialog, text: edited.text } };
      return edited.entered ? entered(changed, dialog.purpose, { text: edited.text.trim(), situation }) : stay(changed);
    }
    case 'left':
      return stay(back(ui));
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
    case 'give-role': {
      const { incident, role } = purpose;
      return sentAndBack(ui, { type: 'assign-role', incident, role, person: text }, situation);
    }
    case 'silence': {
      const silence = silenceFrom(purpose.service === null ? text : `${purpose.service} ${text}`);
      return silence.ok ? sentAndBack(ui, silence.command, situation) : hint(ui, silence.expected, situation);
    }
    case 'false-alarm': {
      const question = { kind: 'false-alarm', incident: purpose.incident, reason: text } as const;
      return stay(opened(ui, { name: 'ask', question, readyAtMs: situation.localMs + DEAD_TIME_MS, refusal: null }));
    }
    default:
      return purpose satisfies never;
  }
};

const pressInQuestion = (ui: Ui, dialog: DialogOf<'ask'>, { key, situation }: Press): Step => {
  if (leaves(key)) return stay(back(ui));
  if (key.name === 'enter') return hint(ui, 'Enter does not answer: y is yes, x is no', situation);
  if (key.name === 'chunk') return hint(ui, 'several keys at once do nothing here: press one', situation);
  if (key.name !== 'character') return stay(ui);
  if (key.character === 'x' || key.character === 'n') return stay(back(ui));
  if (key.character !== 'y') return stay(ui);
  const readyAtMs = situation.localMs + DEAD_TIME_MS;
  const pushed = { ...ui, dialog: { ...dialog, readyAtMs: Math.max(dialog.readyAtMs, readyAtMs) } };
  if (situation.localMs < dialog.readyAtMs) return hint(pushed, 'too soon: look, then press y once', situation);
  // The question stays until the answer is here: a refusal is shown in its place, with what is in the way.
  const step = sent(pushed, commandOf(dialog), situation);
  return step.effects.length === 0 ? step : { ui: pushed, effects: step.effects };
};

const commandOf = ({ question }: DialogOf<'ask'>): PersonCommandInput => {
  switch (question.kind) {
    case 'resolve':
      return { type: 'resolve', incident: question.incident };
    case 'close':
      return { type: 'close', incident: question.incident, falseAlarm: false, reason: '' };
    case 'false-alarm':
      return { type: 'close', incident: question.incident, falseAlarm: true, reason: question.reason };
    case 'lift-silence':
      return { type: 'lift-silence', silence: question.silence };
    default:
      return question satisfies never;
  }
};
