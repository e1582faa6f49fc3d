import { describe, expect, it } from 'vitest';
import { parseShopOptions } from '../../../src/demo/shop/shop-options.ts';

describe('the options of the shop', () => {
  it('are free ports, no fault and a minute of patience when nothing is given', () => {
    expect(parseShopOptions([])).toEqual({
      stateFile: null,
      faultAfterMs: null,
      orphanAfterMs: 60_000,
      adminPort: null,
    });
  });

  it('are read as given', () => {
    const args = ['--state-file', 'x.json', '--fault-after', '2.5', '--orphan-after=5', '--admin-port', '4000'];
    expect(parseShopOptions(args)).toEqual({
      stateFile: 'x.json',
      faultAfterMs: 2_500,
      orphanAfterMs: 5_000,
      adminPort: 4_000,
    });
  });

  it.each([
    [['--fault-after', 'soon'], /--fault-after/],
    [['--fault-after', '1e9'], /--fault-after/],
    [['--fault-after', '99999999'], /--fault-after/],
    [['--orphan-after='], /--orphan-after/],
    [['--admin-port', '0'], /--admin-port/],
    [['--admin-port', '65535'], /--admin-port/],
    [['--port', '1'], /--port/],
    [['now'], /now/],
  ])('%j is refused by name', (args, message) => {
    expect(() => parseShopOptions(args)).toThrow(message);
  });
});
