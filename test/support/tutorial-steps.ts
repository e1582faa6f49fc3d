// Owns reading the tutorial as what it is: a list of steps, each with its line in the document and what must be seen.

export interface Seen {
  readonly line: number;
  /** As in the document: `…` stands for anything, `X errors over 30 %` for a number. */
  readonly text: string;
}

export type Step =
  /** The room opens in a terminal. */
  | { readonly kind: 'open'; readonly line: number; readonly args: readonly string[] }
  /** Null: nothing is pressed. */
  | { readonly kind: 'room'; readonly line: number; readonly press: Press | null; readonly sees: Seen }
  | {
      readonly kind: 'command';
      readonly line: number;
      readonly args: readonly string[];
      readonly inBackground: boolean;
      readonly says: readonly Seen[];
    }
  /** The command in the background is ended. */
  | { readonly kind: 'end'; readonly line: number };

export type Press = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'text'; readonly text: string };

const DOCUMENT = 'docs/tutorial.md';
const PROGRAM = 'npx warroom';

/** Names the line, so that who changes the document finds the way. */
export const at = (line: number, problem: string): Error => new Error(`${DOCUMENT}:${line}: ${problem}`);

interface Block {
  readonly line: number;
  readonly language: string;
  readonly lines: Seen[];
}

/** The steps in order; throws, with the line, on a block that nobody could play. */
export const tutorialSteps = (markdown: string): readonly Step[] => blocksOf(markdown).flatMap(stepsOf);

const blocksOf = (markdown: string): readonly Block[] => {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + 1;
    if (text.startsWith('```')) {
      isOpen = !isOpen;
      if (isOpen) blocks.push({ line, language: text.slice(3).trim(), lines: [] });
    } else if (isOpen) {
      blocks.at(-1)?.lines.push({ line, text });
    }
  }
  if (isOpen) throw at(blocks.at(-1)?.line ?? 1, 'the block does not end');
  return blocks;
};

const stepsOf = (block: Block): readonly Step[] => {
  if (block.lines.length === 0) throw at(block.line, 'the block is empty');
  switch (block.language) {
    case 'sh terminal':
      return block.lines.map(({ line, text }) => ({ kind: 'open', line, args: wordsOf(line, text) }));
    case 'room':
      return block.lines.map(roomStep);
    case 'console':
      return consoleSteps(block);
    default:
      throw at(block.line, `nobody plays a block of "${block.language}": it is sh terminal, room or console`);
  }
};

const roomStep = ({ line, text }: Seen): Step => {
  const [, left = '', right = ''] = /^("[^"]+"|\S+) {2,}(\S.*)$/.exec(text) ?? [];
  if (left === '') throw at(line, 'expected what is pressed, two spaces, and what is seen');
  return { kind: 'room', line, press: pressOf(line, left), sees: { line, text: right } };
};

const pressOf = (line: number, left: string): Press | null => {
  if (left === '(wait)') return null;
  if (left.startsWith('"')) return { kind: 'text', text: left.slice(1, -1) };
  if (left === 'Enter' || /^[\x21-\x7e]$/.test(left)) return { kind: 'key', key: left };
  throw at(line, `${left} is no single key, no "text" and not (wait)`);
};

const consoleSteps = ({ line, lines }: Block): readonly Step[] => {
  const steps: Step[] = [];
  for (const said of lines) {
    const last = steps.at(-1);
    if (said.text === '$ kill %1') steps.push({ kind: 'end', line: said.line });
    else if (said.text.startsWith('$ ')) steps.push(commandStep(said));
    else if (last?.kind === 'command') steps[steps.length - 1] = { ...last, says: [...last.says, said] };
    else throw at(line, 'the block begins with what a command says: expected $ and a command');
  }
  return steps;
};

const commandStep = ({ line, text }: Seen): Step => {
  const inBackground = text.endsWith(' &');
  const command = text.slice(2, inBackground ? -2 : undefined);
  return { kind: 'command', line, args: wordsOf(line, command), inBackground, says: [] };
};

/** The program's own words, as a shell would hand them over. */
const wordsOf = (line: number, command: string): readonly string[] => {
  if (!command.startsWith(`${PROGRAM} `)) throw at(line, `expected ${PROGRAM} …`);
  if (/[$`'\\|<>;&]/.test(command)) throw at(line, 'uses more of a shell than words and "quotes"');
  const words = command.slice(PROGRAM.length + 1).match(/"[^"]*"|[^\s"]+/g) ?? [];
  return words.map((word) => (word.startsWith('"') ? word.slice(1, -1) : word));
};

/** Whether what must be seen is in one of the lines; numbers are compared, everything else is matched. */
export const isIn = ({ text }: Seen, lines: readonly string[]): boolean => {
  const number = /^(\S+) errors (over|under) (\d+(?:\.\d+)?) %$/.exec(text);
  if (number !== null) {
    const [, service = '', than, limit] = number;
    const errors = errorsOf(service, lines);
    return errors !== null && (than === 'over' ? errors > Number(limit) : errors < Number(limit));
  }
  const pattern = text
    .trim()
    .split(/\s*…\s*/)
    .map((part) => part.split(/\s+/).map(literally).join('\\s+'))
    .join('.*?');
  const wanted = new RegExp(pattern);
  return lines.some((line) => wanted.test(line));
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const errorsOf = (service: string, lines: readonly string[]): number | null => {
  for (const line of lines) {
    const found = /^ *(\S+) +errors +(\d+(?:\.\d+)?) %/.exec(line);
    if (found?.[1] === service) return Number(found[2]);
  }
  return null;
};
