import { describe, expect, it, vi } from 'vitest';
import { remembered, rememberedWith } from '../../src/tui/remembered.ts';

describe('what is remembered', () => {
  it('is made once for each object', () => {
    const make = vi.fn(({ name }: { readonly name: string }) => [name]);
    const made = remembered(make);
    const one = { name: 'one' };
    expect(made(one)).toBe(made(one));
    expect(made({ name: 'one' })).not.toBe(made(one));
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('may be nothing at all', () => {
    const make = vi.fn(() => undefined);
    const made = remembered(make);
    const one = {};
    expect([made(one), made(one)]).toEqual([undefined, undefined]);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('is made anew where anything else that it follows from is another', () => {
    const make = vi.fn(
      (of: { readonly name: string }, width: number, filter: string) => `${of.name} ${width} ${filter}`,
    );
    const made = rememberedWith(make);
    const one = { name: 'one' };
    expect([made(one, 80, ''), made(one, 80, ''), made(one, 81, ''), made(one, 81, 'x'), made(one, 80, '')]).toEqual([
      'one 80 ',
      'one 80 ',
      'one 81 ',
      'one 81 x',
      'one 80 ',
    ]);
    expect(make).toHaveBeenCalledTimes(4);
  });
});
