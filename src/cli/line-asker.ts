// Owns asking a person at the terminal for one line. What was typed before the question is no answer to it.
import { createInterface } from 'node:readline';
import { printQuestion } from './print.ts';
import type { Shell } from './shell.ts';

export interface LineAsker {
  /** The next line, trimmed; null when the input ended or the signal came first. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
  close(): void;
}

export const openLineAsker = ({ stdin, stderr }: Pick<Shell, 'stdin' | 'stderr'>): LineAsker => {
  // The terminal stays as it is, so that its interrupt key keeps its meaning.
  const lines = createInterface({ input: stdin, terminal: false });
  let hasEnded = false;
  let answer: ((line: string | null) => void) | null = null;
  lines.on('line', (line) => answer?.(line.trim()));
  lines.on('close', () => {
    hasEnded = true;
    answer?.(null);
  });
  return {
    ask: (question, signal) => {
      printQuestion(stderr, question);
      if (hasEnded || signal.aborted) return Promise.resolve(null);
      return new Promise((resolve) => {
        const end = (line: string | null): void => {
          answer = null;
          signal.removeEventListener('abort', giveUp);
          // Nobody pressed Enter: what comes next begins its own line.
          if (line === null) stderr.write('\n');
          resolve(line);
        };
        const giveUp = (): void => end(null);
        signal.addEventListener('abort', giveUp);
        answer = end;
      });
    },
    close: () => lines.close(),
  };
};
