// Owns which services come first on the wall: those above their limit, then those nobody can measure, then the rest as configured.
import type { ServiceLine } from '../screens/room/signals-model.ts';

/** 2 above its limit, 1 unknown, 0 measured and well. */
export const badnessOf = ({ isAboveLimit, unknownReason }: ServiceLine): 0 | 1 | 2 => {
  if (isAboveLimit) return 2;
  return unknownReason === null ? 0 : 1;
};

export const worstFirst = (services: readonly ServiceLine[]): readonly ServiceLine[] =>
  services.toSorted((a, b) => badnessOf(b) - badnessOf(a));
