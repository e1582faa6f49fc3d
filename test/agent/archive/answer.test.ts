import { describe, expect, it } from 'vitest';
import { answersFrom } from '../../../src/agent/archive/answer.ts';

/** An archive that answers when told to, and knows how many read it at once. */
const archiveUnderTest = () => {
  const waiting: { readonly who: string; readonly end: (fails: boolean) => void }[] = [];
  let most = 0;
  const reads = (who: string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ who, end: (fails) => (fails ? reject(new Error('the disk')) : resolve()) });
    most = Math.max(most, waiting.length);
    return promise;
  };
  return {
    answer: answersFrom({
      cards: async ({ person }) => {
        await reads(person);
        return { cards: [], total: 0 };
      },
      incident: async (_id, person) => {
        await reads(person);
        return null;
      },
    }),
    /** Lets the one that reads end; who it was. */
    next: async (fails = false): Promise<string> => {
      await new Promise((resolve) => setImmediate(resolve));
      const one = waiting.shift();
      one?.end(fails);
      return one?.who ?? 'nobody';
    },
    most: () => most,
  };
};
const search = { about: 'archive', words: '', limit: 10 } as const;

describe('the answers from the archive', () => {
  it('[Q4] are given one at a time over all who ask, in the order in which they asked', async () => {
    const { answer, next, most } = archiveUnderTest();
    const all = ['ana', 'ben', 'eve'].map((person) => answer(search, person));
    expect([await next(), await next(), await next()]).toEqual(['ana', 'ben', 'eve']);
    expect(await Promise.all(all)).toEqual(Array(3).fill({ about: 'archive', cards: [], total: 0 }));
    expect(most()).toBe(1);
  });

  it('go on after one that failed, which fails for the one who asked it alone', async () => {
    const { answer, next } = archiveUnderTest();
    const failing = answer(search, 'ana');
    const fine = answer({ about: 'incident', incident: 'INC-2026-0001' }, 'ben');
    await Promise.all([expect(failing).rejects.toThrow('the disk'), next(true)]);
    await next();
    expect(await fine).toEqual({ about: 'incident', incident: null });
  });
});
