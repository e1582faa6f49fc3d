// Owns who gets the next request: instances in turn, without those that were taken out of rotation.
import type { Instance } from './instance.ts';

export interface Rotation {
  /** Null while there are no instances. */
  next(): Instance | null;
  replace(instances: readonly Instance[]): void;
  /** While on, instances that fail are taken out, never more than half of them; off puts all back. */
  isolateFailing(on: boolean): void;
  /** Notes an outcome, which may be what takes the instance out. */
  record(instance: Instance, outcome: 'good' | 'bad'): void;
  isolated(): readonly string[];
}

export const createRotation = (): Rotation => {
  let instances: readonly Instance[] = [];
  let isolated: ReadonlySet<string> = new Set();
  let isIsolating = false;
  let turn = 0;

  const isolatedNow = (): readonly Instance[] => instances.filter((instance) => isolated.has(instance.name));

  const serving = (): readonly Instance[] => {
    const rest = instances.filter((instance) => !isolated.has(instance.name));
    // Scaled down to nothing but isolated instances: a bad answer is better than none.
    return rest.length > 0 ? rest : instances;
  };

  const takeOutIfFailing = (instance: Instance): void => {
    if (!isIsolating || isolated.has(instance.name) || !instance.isFailing()) return;
    // Where everything fails, the instances are not the cause: half of them stay.
    if (isolatedNow().length + 1 > instances.length / 2) return;
    isolated = new Set([...isolated, instance.name]);
  };

  return {
    next: () => {
      const candidates = serving();
      turn += 1;
      return candidates[turn % candidates.length] ?? null;
    },
    replace: (replacement) => {
      instances = replacement;
    },
    isolateFailing: (on) => {
      isIsolating = on;
      if (on) instances.forEach(takeOutIfFailing);
      else isolated = new Set();
    },
    record: (instance, outcome) => {
      instance.record(outcome);
      takeOutIfFailing(instance);
    },
    isolated: () => isolatedNow().map((instance) => instance.name),
  };
};
