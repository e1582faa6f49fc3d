// Owns answers to what plain mode asked: a number or a word of a list, a line of text, `yes`, the name of a target. An empty line leaves.
import type { PersonCommandInput } from '../../incident/commands.ts';
import { own } from '../../incident/own.ts';
import { isAbove } from '../../incident/words.ts';
import type { Menu } from '../dialog.ts';
import { type Choice, type Option, optionsOf } from '../menu-options.ts';
import { targetAnswered } from './containing.ts';
import {
  asks,
  type Heard,
  type Memory,
  type Purpose,
  type Question,
  type Situation,
  says,
  sends,
  type Turn,
} from './talk.ts';

/** The numbered list of a menu, or what `word` picks of it at once. */
export const offers = (memory: Memory, menu: Menu, { word, situation }: Offering): Turn => {
  const options = optionsOf(menu, situation.view);
  if (options.length === 0)
    return says({ ...memory, question: null }, `${questionOf[menu.kind]} there is nothing to choose from`);
  const wanted = word === '' ? options : options.filter((option) => hasWords(option, word));
  const [only] = wanted;
  if (word !== '' && wanted.length === 1 && only !== undefined)
    return picked(memory, menu, { option: only, situation });
  const listed = wanted.length === 0 ? options : wanted;
  return asks(
    memory,
    { kind: 'pick', menu, options: listed },
    ...(wanted.length === 0 ? [`nothing here is called ${word}`] : []),
    questionOf[menu.kind],
    ...listed.map((option, index) => `  ${index + 1}: ${optionWords(option, situation)}`),
    'type a number; an empty line leaves',
  );
};

interface Offering {
  readonly word: string;
  readonly situation: Situation;
}

const questionOf: Readonly<Record<Menu['kind'], string>> = {
  contain: 'contain how? nothing happens before the plan was read out, armed and confirmed',
  undo: 'take back which one?',
  roles: 'which role?',
  severity: 'which severity?',
  phase: 'which phase?',
  'declare-service': 'an incident of which service?',
  'declare-severity': 'how bad is it?',
};

const optionWords = ({ title, detail, disabledReason, choice }: Option, { view }: Situation): string => {
  // Beside a containment the room says which keys it takes; here the plan says which words.
  const words = choice.kind === 'contain' ? (own(view.policy.actions, choice.action)?.title ?? '') : detail;
  return [title, disabledReason === null ? words : `not now: ${disabledReason}`]
    .filter((part) => part !== '')
    .join('; ');
};

const hasWords = ({ title, choice }: Option, said: string): boolean => {
  const names = [title, ...Object.values(choice)].map((name) => String(name).toLowerCase());
  const words = said.toLowerCase();
  return names.includes(words) || names[0]?.startsWith(`${words} on `) === true;
};

/** Null where the line is no answer but a word of its own, so that nobody is caught in a question. */
export const answers = (memory: Memory, question: Question, about: Answer): Turn | null => {
  const text = about.heard.text.trim();
  if (text === '') return says({ ...memory, question: null }, 'left: nothing was done');
  switch (question.kind) {
    case 'pick':
      return picks(memory, question, { text, about });
    case 'text':
      return textSaid({ ...memory, question: null }, question.purpose, { text, situation: about.situation });
    case 'yes':
      return yesSaid(memory, question.command, { text, about });
    case 'target':
      return about.isVerb ? null : targetAnswered(memory, question.action, about);
    default:
      return question satisfies never;
  }
};

interface Answer {
  readonly heard: Heard;
  readonly situation: Situation;
  /** The line begins with a word that does something by itself. */
  readonly isVerb: boolean;
}

interface Text {
  readonly text: string;
  readonly about: Answer;
}

const picks = (
  memory: Memory,
  { menu, options }: Extract<Question, { kind: 'pick' }>,
  { text, about }: Text,
): Turn | null => {
  const numbered = /^\d{1,3}$/.test(text) ? options[Number(text) - 1] : undefined;
  const option = numbered ?? options.find((one) => hasWords(one, text));
  if (option !== undefined) return picked(memory, menu, { option, situation: about.situation });
  if (about.isVerb) return null;
  return says(memory, `there is no ${text} here: type a number from 1 to ${options.length}; an empty line leaves`);
};

interface Picked {
  readonly option: Option;
  readonly situation: Situation;
}

const picked = (memory: Memory, menu: Menu, { option, situation }: Picked): Turn => {
  const next = { ...memory, question: null };
  if (option.disabledReason !== null) return says(next, `${option.title}: not now: ${option.disabledReason}`);
  const { choice } = option;
  if (menu.kind === 'declare-service')
    return choice.kind === 'service'
      ? asksFor(next, { kind: 'declare-title', service: choice.service })
      : says(next, 'nothing was done');
  if (menu.kind === 'declare-severity')
    return choice.kind === 'severity'
      ? sends(
          next,
          { type: 'declare', title: menu.title, services: [menu.service], severity: choice.severity },
          situation,
        )
      : says(next, 'nothing was done');
  return chosen(next, { choice, incident: menu.incident, situation });
};

interface Chosen {
  readonly choice: Choice;
  readonly incident: string;
  readonly situation: Situation;
}

const chosen = (memory: Memory, { choice, incident, situation }: Chosen): Turn => {
  switch (choice.kind) {
    case 'contain': {
      const { service, action: name } = choice;
      // Not armed yet: reading a plan out takes longer than an arm holds.
      return sends(memory, { type: 'contain', incident, service, name, params: {}, arm: false }, situation);
    }
    case 'undo':
      return sends(memory, { type: 'undo', action: choice.action, arm: false }, situation);
    case 'claim':
      return sends(memory, { type: 'claim-role', incident, role: choice.role }, situation);
    case 'release':
      return sends(memory, { type: 'release-role', incident, role: choice.role }, situation);
    case 'phase':
      return sends(memory, { type: 'enter-phase', incident, phase: choice.phase }, situation);
    case 'severity': {
      const { severity } = choice;
      const from = own(situation.view.room.incidents, incident)?.severity ?? severity;
      return isAbove(from, severity)
        ? asksFor(memory, { kind: 'lower', incident, severity })
        : sends(memory, { type: 'set-severity', incident, severity, reason: '' }, situation);
    }
    case 'service':
      return says(memory, 'nothing was done');
    default:
      return choice satisfies never;
  }
};

const wordsFor: Readonly<Record<Purpose['kind'], string>> = {
  note: 'the note, in one line',
  title: 'the new title, in one line',
  lower: 'why is it lower? one line',
  'false-alarm': 'why is it a false alarm? one line',
  reopen: 'why is it back? one line',
  'declare-title': 'what is wrong, in one line',
  'let-go': 'why does it stay? one line',
};

const asksFor = (memory: Memory, purpose: Purpose): Turn =>
  asks(memory, { kind: 'text', purpose }, `${wordsFor[purpose.kind]}; an empty line leaves`);

interface Said {
  readonly text: string;
  readonly situation: Situation;
}

/** What a line of text does, asked for or typed behind its word. */
export const textSaid = (memory: Memory, purpose: Purpose, { text, situation }: Said): Turn => {
  if (text === '') return asksFor(memory, purpose);
  switch (purpose.kind) {
    case 'note':
      return sends(memory, { type: 'add-note', incident: purpose.incident, text }, situation);
    case 'title':
      return sends(memory, { type: 'retitle', incident: purpose.incident, title: text }, situation);
    case 'lower': {
      const { incident, severity } = purpose;
      return sends(memory, { type: 'set-severity', incident, severity, reason: text }, situation);
    }
    case 'reopen':
      return sends(memory, { type: 'reopen', incident: purpose.incident, reason: text }, situation);
    case 'let-go':
      return sends(memory, { type: 'let-go', action: purpose.action, reason: text }, situation);
    case 'false-alarm':
      return asksYes(
        memory,
        { type: 'close', incident: purpose.incident, falseAlarm: true, reason: text },
        `close ${purpose.incident} as a false alarm?`,
      );
    case 'declare-title': {
      const menu = { kind: 'declare-severity', service: purpose.service, title: text } as const;
      return offers(memory, menu, { word: '', situation });
    }
    default:
      return purpose satisfies never;
  }
};

export const asksYes = (memory: Memory, command: PersonCommandInput, ...lines: readonly string[]): Turn =>
  asks(memory, { kind: 'yes', command }, ...lines, 'type yes, the whole word; anything else leaves it as it is');

const yesSaid = (memory: Memory, command: PersonCommandInput, { text, about }: Text): Turn | null => {
  if (about.isVerb) return null;
  if (text.toLowerCase() !== 'yes') return says({ ...memory, question: null }, 'left: nothing was done');
  if (!about.heard.isAlone) return says(memory, 'that came together with other lines: type yes by itself');
  return sends(memory, command, about.situation);
};
