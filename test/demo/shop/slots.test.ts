import { describe, expect, it } from 'vitest';
import { createSlots } from '../../../src/demo/shop/slots.ts';

describe('slots', () => {
  it('let so many in at once, keep so many in line and turn the rest away', async () => {
    const slots = createSlots({ concurrency: 2, queueLength: 1 });
    const order: string[] = [];
    expect(await slots.enter()).toBe(true);
    expect(await slots.enter()).toBe(true);
    const third = slots.enter().then((isIn) => order.push(`third ${isIn}`));
    expect(await slots.enter()).toBe(false);
    expect(order).toEqual([]);
    slots.leave();
    await third;
    expect(order).toEqual(['third true']);
  });

  it('are all free again once everybody has left', async () => {
    const slots = createSlots({ concurrency: 1, queueLength: 1 });
    await slots.enter();
    const second = slots.enter();
    slots.leave();
    expect(await second).toBe(true);
    slots.leave();
    expect(await slots.enter()).toBe(true);
  });
});
