import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutbox, unanswered } from '../../src/client/outbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const frameOf = (id: string): Buffer => Buffer.from(id);
/** An outbox, what it said, and its answers. */
const outboxUnderTest = (answerWithinMs = 15_000) => {
  const outbox = createOutbox(answerWithinMs);
  const said: string[] = [];
  return {
    ...outbox,
    said,
    opens: () => outbox.opened((frame) => void said.push(frame.toString())),
    asksMany: (count: number) =>
      Array.from({ length: count }, (_, number) => outbox.ask(`c${number}`, frameOf(`c${number}`))),
    /** Answers what was said, as it is said, for that long. */
    answersFor: (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10) {
        for (const id of [...said]) outbox.answered(id, 'done');
        vi.advanceTimersByTime(10);
      }
    },
  };
};
const names = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, number) => `c${from + number}`);

describe('what was asked and not answered yet', () => {
  it('[C7] waits for the connection, and is said in the order in which it was asked', () => {
    const { said, opens, asksMany } = outboxUnderTest();
    void asksMany(3);
    expect(said).toEqual([]);
    opens();
    expect(said).toEqual(names(3));
  });

  it('[C7] is at most 16 at once; each answer makes room for one', () => {
    const { said, opens, asksMany, answered } = outboxUnderTest();
    opens();
    void asksMany(20);
    expect(said).toEqual(names(16));
    answered('c3', 'done');
    expect(said).toEqual(names(17));
  });

  it('[C7] is at most 25 in a second, however fast the answers come', async () => {
    const { said, opens, asksMany, answersFor } = outboxUnderTest();
    opens();
    const all = asksMany(60);
    answersFor(900);
    expect(said).toEqual(names(25));
    answersFor(1_000);
    expect(said).toEqual(names(50));
    answersFor(1_500);
    expect(said).toEqual(names(60));
    expect(await Promise.all(all)).toEqual(Array(60).fill('done'));
  });

  it('[C7] [C3] is said again after each welcome, in the same order, and what has its answer is not', () => {
    const { said, opens, closed, asksMany, answered } = outboxUnderTest();
    opens();
    void asksMany(5);
    answered('c0', 'done');
    answered('c2', 'done');
    closed();
    said.length = 0;
    opens();
    expect(said).toEqual(['c1', 'c3', 'c4']);
  });

  it('is given up after too long, whether it was said or not, and an answer that comes later changes nothing', async () => {
    const { opens, asksMany, answered } = outboxUnderTest(1_000);
    const never = asksMany(1);
    vi.advanceTimersByTime(1_000);
    opens();
    expect(await never[0]).toBe(unanswered);
    answered('c0', 'late');
    expect(await never[0]).toBe(unanswered);
  });
});
