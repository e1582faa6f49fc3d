import { describe, expect, it } from 'vitest';
import { histogramQuantile } from '../../../src/agent/sources/histogram-quantile.ts';

const INF = Number.POSITIVE_INFINITY;

describe('the quantile of a histogram', () => {
  it.each([
    [
      'lies on a straight line within its bucket',
      0.5,
      [
        [0.1, 10],
        [0.5, 30],
        [INF, 30],
      ],
      0.2,
    ],
    [
      'starts the first bucket at zero',
      0.5,
      [
        [0.1, 10],
        [0.5, 10],
        [INF, 10],
      ],
      0.05,
    ],
    [
      'is the highest finite bound at most',
      0.95,
      [
        [0.1, 0],
        [0.5, 50],
        [INF, 100],
      ],
      0.5,
    ],
    [
      'takes buckets in any order',
      0.5,
      [
        [INF, 30],
        [0.5, 30],
        [0.1, 10],
      ],
      0.2,
    ],
    [
      'irons out a dip',
      0.5,
      [
        [0.1, 10],
        [0.2, 8],
        [INF, 20],
      ],
      0.1,
    ],
    [
      'is a negative bound itself in the first bucket',
      0.5,
      [
        [-1, 10],
        [1, 10],
        [INF, 10],
      ],
      -1,
    ],
    [
      'is not a number without observations',
      0.95,
      [
        [0.1, 0],
        [INF, 0],
      ],
      Number.NaN,
    ],
    [
      'is not a number without an infinite bucket',
      0.95,
      [
        [0.1, 5],
        [0.5, 9],
      ],
      Number.NaN,
    ],
    ['is not a number without finite buckets', 0.95, [[INF, 9]], Number.NaN],
    ['is not a number without buckets', 0.95, [], Number.NaN],
  ] as [string, number, [number, number][], number][])('%s', (_, quantile, buckets, expected) => {
    expect(histogramQuantile(quantile, new Map(buckets))).toEqual(expected);
  });
});
