import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pastInk } from '../../src/tui/past-ink.ts';

const rowsAt = (...times: readonly string[]): readonly string[] => ['head', ...times, 'keys'];

const beside = (height = 4) => {
  const written: string[] = [];
  const flushes: (() => void)[] = [];
  let rows = rowsAt('00:59', '10:00');
  const past = pastInk({
    write: (bytes) => written.push(bytes),
    flushed: () => new Promise((resolve) => flushes.push(resolve)),
    rows: () => rows,
    height: () => height,
  });
  return {
    past,
    written,
    /** A frame that goes through Ink. */
    frame: (next = rows) => {
      rows = next;
      past.frame();
    },
    /** A second passes. */
    second: (next: readonly string[]): boolean => {
      const before = rows;
      rows = next;
      return past.moved(before, next);
    },
    inkIsDone: async () => {
      await vi.advanceTimersByTimeAsync(200);
      for (const flush of flushes.splice(0)) flush();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what is written past Ink', () => {
  it('are the cells that moved, once Ink has drawn', async () => {
    const { frame, second, written, inkIsDone } = beside();
    frame();
    expect(second(rowsAt('00:58', '10:00'))).toBe(false);
    await inkIsDone();
    written.length = 0;
    expect(second(rowsAt('00:57', '10:00'))).toBe(true);
    expect(written).toEqual(['\u001b[2;5H7\u001b[4;1H']);
  });

  it('is nothing while a frame is on its way', async () => {
    const { frame, second, inkIsDone } = beside();
    frame();
    await inkIsDone();
    frame();
    await vi.advanceTimersByTimeAsync(200);
    // Another frame, while the one before is being flushed.
    frame();
    expect(second(rowsAt('00:58', '10:00'))).toBe(false);
    await inkIsDone();
    expect(second(rowsAt('00:57', '10:00'))).toBe(true);
  });

  it('is nothing where the window has other rows than the frame', async () => {
    const { frame, second, inkIsDone } = beside(5);
    frame();
    await inkIsDone();
    expect(second(rowsAt('00:58', '10:00'))).toBe(false);
  });

  it('is set right after a frame in which Ink could take an old cell for a present one', async () => {
    const { frame, second, written, inkIsDone } = beside();
    frame();
    await inkIsDone();
    second(rowsAt('00:58', '09:59'));
    written.length = 0;
    // The second row went back to what Ink drew: Ink writes nothing there, and the terminal shows 09:59.
    frame(rowsAt('00:58', '10:00'));
    await inkIsDone();
    expect(written).toEqual(['\u001b[3;1H\u001b[2K10:00\u001b[4;1H']);
  });

  it('leaves alone what a frame left as it was', async () => {
    const { frame, second, written, inkIsDone } = beside();
    frame();
    await inkIsDone();
    second(rowsAt('00:58', '09:59'));
    written.length = 0;
    frame(['other head', '00:58', '09:59', 'keys']);
    await inkIsDone();
    expect(written.join('')).toBe('');
  });

  it('is nothing after the end', async () => {
    const { past, frame, second, inkIsDone } = beside();
    frame();
    await inkIsDone();
    past.stop();
    expect(second(rowsAt('00:58', '10:00'))).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
