// Owns what leaving this terminal ends, in words: the room alone, or the whole demo behind it.

export type Leaving = 'agent-goes-on' | 'ends-the-demo';

export interface LeavingWords {
  readonly consequence: string;
  readonly again: string;
  readonly tooSmall: string;
  readonly summary: string;
}

export const leavingWords: Readonly<Record<Leaving, LeavingWords>> = {
  'agent-goes-on': {
    consequence: 'leaves the room; the agent keeps running',
    again: 'press Ctrl-C again to leave; the agent keeps running',
    tooSmall: 'q quits, the agent runs on',
    summary: 'the agent keeps running; come back: warroom',
  },
  'ends-the-demo': {
    consequence: 'ends the demo, its agent and its shop',
    again: 'press Ctrl-C again to leave; that ends the demo, its agent and its shop',
    tooSmall: 'q ends the demo and its agent',
    summary: 'the demo ends, with its agent and its shop; a new one: warroom demo',
  },
};
