import { describe, expect, it } from 'vitest';
import { fewerWords } from '../../../../src/tui/screens/help/fewer-words.ts';

describe('fewer words', () => {
  it.each([
    ['all of it, where it fits', 'asks first; closes it', 21, '', 'asks first; closes it'],
    ['without the last clause', 'asks first; closes it, gone', 26, '', 'asks first; closes it'],
    ['without two of them', 'asks first; closes it, gone', 12, '', 'asks first'],
    ['without what is in brackets', 'one (two)', 8, '', 'one'],
    ['nothing rather than a part', 'indivisible', 5, '', ''],
    ['the lead before all of it', 'resolve it first: R', 40, 'not now: ', 'not now: resolve it first: R'],
    ['the lead before less of it', 'resolve it first: R', 27, 'not now: ', 'not now: resolve it first'],
    ['no lead rather than the lead alone', 'the agent is away', 17, 'not now: ', 'the agent is away'],
  ])('%s', (_, text, width, lead, said) => {
    expect(fewerWords(text, width, lead)).toBe(said);
  });
});
