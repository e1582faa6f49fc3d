// Owns the words that can be typed in plain mode, what each does, and what a mistyped one may have meant.
import { nearest } from '../../incident/nearest-word.ts';

export const VERBS = [
  ['status', '', 'every open incident in short, with elapsed times, and the services'],
  ['summary', '', 'this incident in at most twenty lines'],
  ['incidents', '', 'all incidents, the most urgent first'],
  ['use', 'INC', 'talks about another incident from here on, such as use 42'],
  ['timeline', 'WORDS', 'the last that happened; with words, only what has them'],
  ['ack', '', 'acknowledges: I have it, the escalation pauses'],
  ['note', 'TEXT', 'adds words to the timeline'],
  ['role', 'ROLE', 'takes a role or gives it up: commander, tech, comms, scribe, on-call'],
  ['severity', 'SEV', 'raises or lowers it'],
  ['phase', 'PHASE', 'says what the work is: triage, containment, mitigation, recovery'],
  ['title', 'TEXT', 'corrects the title'],
  ['contain', 'ACTION', 'plans a containment and reads the plan out; changes nothing yet'],
  ['undo', 'ID', 'plans to take a containment back, such as undo A7, and reads the plan out'],
  ['plan', 'ID', 'reads a plan out again'],
  ['arm', 'ID', 'arms what was planned: everybody sees it, and it can be confirmed'],
  ['confirm', 'ID', 'does what is armed, such as confirm A7'],
  ['cancel', 'ID', 'takes a plan or an arm off the table'],
  ['let-go', 'ID REASON', 'leaves a containment as it is and out of the ledger'],
  ['resolve', '', 'the service is well again'],
  ['close', 'REASON', 'the end'],
  ['false-alarm', 'REASON', 'closes it as none'],
  ['reopen', 'REASON', 'it is back'],
  ['declare', 'SERVICE', 'opens an incident by hand'],
  ['help', '', 'these words'],
  ['quit', '', 'leaves; the agent keeps running'],
] as const;

export type VerbName = (typeof VERBS)[number][0];

const NAMES: readonly string[] = VERBS.map(([name]) => name);

const OTHER_NAMES: Readonly<Record<string, VerbName>> = {
  '?': 'help',
  acknowledge: 'ack',
  exit: 'quit',
  ic: 'role',
  leave: 'quit',
  list: 'incidents',
  q: 'quit',
  roles: 'role',
};

export type Said =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'verb'; readonly verb: VerbName; readonly rest: string }
  | { readonly kind: 'unknown'; readonly word: string; readonly meant: string | null };

export const understand = (line: string): Said => {
  const [, word = '', rest = ''] = /^:?\s*(\S*)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
  if (word === '') return { kind: 'nothing' };
  const name = word.toLowerCase();
  const verb = isVerb(name) ? name : Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  if (verb !== undefined) return { kind: 'verb', verb, rest: name === 'ic' ? 'commander' : rest.trim() };
  const begun = NAMES.filter((known) => name.length > 1 && known.startsWith(name));
  return { kind: 'unknown', word, meant: begun.length === 1 ? (begun[0] ?? null) : nearest(name, NAMES) };
};

const isVerb = (name: string): name is VerbName => NAMES.includes(name);

export const helpLines = (): readonly string[] => [
  'type a word and Enter; what is in capitals may be left out and is asked for then; INC is 42 or INC-42',
  ...VERBS.map(([name, takes, does]) => `  ${name}${takes === '' ? '' : ` ${takes}`}: ${does}`),
  'an empty line leaves a question; nothing is ever confirmed by an empty line',
];
