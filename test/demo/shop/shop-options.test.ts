import { describe, expect, it } from 'vitest';
import { parseShopOptions } from '../../../src/demo/shop/shop-options.ts';

describe('the options of the shop', () => {
  it('are free ports, no fault, the pace of life and a minute of patience when nothing is given', () => {
    expect(parseShopOptions([])).toEqual({
      stateFile: null,
      plan: null,
      speed: 1,
      orphanAfterMs: 60_000,
      adminPort: null,
    });
  });

  it('are read as given', () => {
    const args = ['--state-file', 'x.json', '--fault-after', '2.5', '--orphan-after=5', '--admin-port', '4000'];
    args.push('--scenario', 'slow-database', '--speed', '20');
    expect(parseShopOptions(args)).toEqual({
      stateFile: 'x.json',
      plan: { scenario: 'slow-database', afterMs: 2_500 },
      speed: 20,
      orphanAfterMs: 5_000,
      adminPort: 4_000,
    });
  });

  it.each([
    [['--fault-after', '1', '--scenario', 'meteor'], /--scenario is not one of bad-deploy, slow-database/],
    [['--speed', '0'], /--speed is not a whole number from 1 to 60/],
    [['--speed', '61'], /--speed/],
    [['--speed', '1.5'], /--speed/],
    [['--speed', '1e1'], /--speed/],
    [['--speed', ''], /--speed/],
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
