import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../src/demo/shop/instance.ts';
import { createRotation } from '../../../src/demo/shop/rotation.ts';

const instances = (count: number, failing: readonly number[]): readonly Instance[] =>
  Array.from({ length: count }, (_, at) => ({
    number: at + 1,
    name: `i${at + 1}`,
    url: new URL('http://127.0.0.1:1'),
    record: () => undefined,
    isFailing: () => failing.includes(at + 1),
    drain: () => undefined,
    close: async () => undefined,
  }));

const asked = (rotation: ReturnType<typeof createRotation>, count: number): readonly string[] =>
  Array.from({ length: count }, () => rotation.next()?.name ?? 'nobody').sort();

describe('a rotation', () => {
  it('asks everybody in turn', () => {
    const rotation = createRotation();
    rotation.replace(instances(3, []));
    expect(asked(rotation, 6)).toEqual(['i1', 'i1', 'i2', 'i2', 'i3', 'i3']);
  });

  it('asks nobody while there are no instances', () => {
    expect(createRotation().next()).toBeNull();
  });

  it('leaves failing instances in until it is told to isolate, and puts them back when told', () => {
    const rotation = createRotation();
    rotation.replace(instances(5, [4, 5]));
    expect(asked(rotation, 5)).toEqual(['i1', 'i2', 'i3', 'i4', 'i5']);
    rotation.isolateFailing(true);
    expect(rotation.isolated()).toEqual(['i4', 'i5']);
    expect(new Set(asked(rotation, 9))).toEqual(new Set(['i1', 'i2', 'i3']));
    rotation.isolateFailing(false);
    expect(rotation.isolated()).toEqual([]);
    expect(asked(rotation, 5)).toContain('i5');
  });

  it('takes out an instance that begins to fail while it isolates', () => {
    const failing: number[] = [];
    const rotation = createRotation();
    const all = instances(3, failing);
    rotation.replace(all);
    rotation.isolateFailing(true);
    expect(rotation.isolated()).toEqual([]);
    failing.push(2);
    rotation.record(all[1]!, 'bad');
    expect(rotation.isolated()).toEqual(['i2']);
  });

  it('never isolates more than half, however many fail', () => {
    const rotation = createRotation();
    rotation.replace(instances(5, [1, 2, 3, 4, 5]));
    rotation.isolateFailing(true);
    expect(rotation.isolated()).toHaveLength(2);
    rotation.replace(instances(1, [1]));
    rotation.isolateFailing(false);
    rotation.isolateFailing(true);
    expect(rotation.isolated()).toEqual([]);
  });

  it('asks isolated instances when scaling has left no others', () => {
    const rotation = createRotation();
    rotation.replace(instances(4, [1, 2]));
    rotation.isolateFailing(true);
    rotation.replace(instances(2, [1, 2]));
    expect(asked(rotation, 2)).toEqual(['i1', 'i2']);
  });
});
