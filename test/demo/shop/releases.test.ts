import { describe, expect, it } from 'vitest';
import { isFaulty, type Release, versionOf } from '../../../src/demo/shop/releases.ts';
import { SERVICE_SPECS } from '../../../src/demo/shop/service-specs.ts';

const versions = (service: 'checkout' | 'search', release: Release): readonly string[] =>
  [1, 2, 3, 4, 5].map((number) => versionOf(SERVICE_SPECS[service], number, release));

describe('versions of checkout', () => {
  it.each([
    ['as usual', { scenario: null, target: 'current' }, '-2 -2 -2 -2 -2'],
    ['while the bad deploy is stuck', { scenario: 'bad-deploy', target: 'current' }, '-2 -2 -2 -3 -3'],
    ['rolled back from the bad deploy', { scenario: 'bad-deploy', target: 'previous' }, '-2 -2 -2 -2 -2'],
  ] satisfies readonly [string, Release, string][])('%s', (_, release, expected) => {
    expect(versions('checkout', release)).toEqual(expected.split(' ').map((end) => `2026.11.22${end}`));
  });

  it('are those of the day before when rolled back without a deploy', () => {
    expect(new Set(versions('checkout', { scenario: null, target: 'previous' }))).toEqual(new Set(['2026.11.21-4']));
  });
});

describe('the bad deploy', () => {
  it('does not touch other services', () => {
    expect(versions('search', { scenario: 'bad-deploy', target: 'current' })).toEqual(
      versions('search', { scenario: null, target: 'current' }),
    );
  });

  it('is faulty by its version, in its own service only', () => {
    expect(isFaulty('checkout', '2026.11.22-3')).toBe(true);
    expect(isFaulty('checkout', '2026.11.22-2')).toBe(false);
    expect(isFaulty('payments', '2026.11.22-3')).toBe(false);
  });
});
