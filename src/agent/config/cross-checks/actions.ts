// Owns what must hold of the commands in actions.yaml: programs that can be found, and nothing that a shell would read again.

import type { Finding } from '../describe-issue.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { FieldPath } from '../problems.ts';
import { asMap, textsOf } from '../raw-value.ts';
import { found } from './finding.ts';

const CALLS = ['read', 'apply', 'undo'] as const;

export const actionsFindings = (actions: unknown): readonly Finding[] =>
  Object.entries(asMap(asMap(actions).actions)).flatMap(([name, given]) => {
    const action = asMap(given);
    if (action.driver !== 'exec') return [];
    return CALLS.flatMap((call) => {
      const { run } = asMap(action[call]);
      return commandFindings(run, { call, field: ['actions', name, call, 'run'] });
    });
  });

interface Place {
  readonly call: (typeof CALLS)[number];
  readonly field: FieldPath;
}

// What is written here is never repeated: it may be a secret in the wrong place.
const commandFindings = (run: unknown, { call, field }: Place): readonly Finding[] => {
  const words = textsOf(run);
  const all = words.map(({ text }) => text);
  return words.flatMap(({ text, index }) => {
    const here = [...field, index];
    if (index === 0) return programFindings(text, here);
    return [
      ...(text.includes('${')
        ? [found(here, 'would show a secret to every user of the host, expected it under `env:`')]
        : []),
      ...(isReadAgain(all, index, text)
        ? [
            found(
              here,
              'would let a shell read what is filled in, expected "$1" there and the placeholder as a later argument',
            ),
          ]
        : []),
      ...(call === 'read' && /\{(?:before|after)\}/.test(text)
        ? [found(here, 'names {before} or {after}, which nobody knows before it was read')]
        : []),
      ...misspelled(text).map((meant) => found(here, `holds a placeholder that nobody fills in${meant}`)),
    ];
  });
};

const programFindings = (program: string, field: FieldPath): readonly Finding[] => {
  if (/[{}]/.test(program)) return [found(field, 'is filled in later, expected the program itself')];
  if (program.startsWith('/') || /^[^/\s-][^/\s]*$/.test(program)) return [];
  const fix = /\s/.test(program)
    ? 'has spaces, expected the program alone; its arguments follow it in the list'
    : 'is a relative path, expected an absolute one or a name found on the PATH';
  return [found(field, fix)];
};

const SHELL = /(?:^|\/)(?:ba|da|a|k|mk|z|fi|c|tc)?sh$/;
// Names of services come from the configuration, and have no character that a shell would mind.
const FROM_OUTSIDE = /\{(?:before|after|param\.[\w-]+)\}/;
const KNOWN = /\{(?:service|before|after|param\.[\w-]+)\}/;

const INTERPRETER = /(?:^|\/)(?:python|perl|ruby|node|php|lua)[\d.]*$/;
const ELSEWHERE = /(?:^|\/)(?:ssh|su|watch|eval)$/;

/** Whether something in the command reads the word at `index` as a program: a shell, here or at the other end of ssh. */
const isReadAgain = (words: readonly string[], index: number, text: string): boolean => {
  if (!KNOWN.test(text)) return false;
  const before = words.slice(0, index);
  if (before.some((word) => ELSEWHERE.test(word))) return FROM_OUTSIDE.test(text);
  const shell = before.findIndex((word) => SHELL.test(word) || INTERPRETER.test(word));
  if (shell === -1) return false;
  const wants = SHELL.test(words[shell] ?? '') ? /^-[a-zA-Z]*c[a-zA-Z]*$/ : /^-[a-zA-Z]*[cer]$/;
  const option = before.findIndex((word, at) => at > shell && wants.test(word));
  if (option === -1) return false;
  // Further options, and `--`, may stand between `-c` and the script; what follows the script is its arguments.
  return before.slice(option + 1).every((word) => word.startsWith('-'));
};

const misspelled = (text: string): readonly string[] =>
  [...text.matchAll(/\{([A-Za-z][\w.-]*)\}/g)].flatMap(([whole, name = '']) => {
    if (KNOWN.test(whole)) return [];
    const meant = didYouMean(name, ['service', 'before', 'after']);
    if (meant !== '') return [meant];
    return /^params?\b/.test(name) ? [', expected {param.NAME}'] : [];
  });
