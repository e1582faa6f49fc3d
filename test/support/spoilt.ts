// Owns spoiling a value: as an agent would tell it that has lost its mind, or is not the one we take it for.

// What a program compares with words of its own.
const CLOSED =
  /^(id|incident|action|page|state|type|kind|phase|severity|to|from|at|.*At|until|since|undoes|because|confirm|role|why)$/;

/** The same value with hostile text in front of every text that is only shown. */
export const spoilt = <Value>(value: Value, text: string): Value => inside(value, text, '') as Value;

const inside = (value: unknown, text: string, key: string): unknown => {
  if (typeof value === 'string') return CLOSED.test(key) ? value : text + value;
  if (key === 'state' && typeof value === 'object' && value !== null && 'name' in value)
    return { ...(inside({ ...value }, text, '') as object), name: value.name };
  if (Array.isArray(value)) return value.map((item) => inside(item, text, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inside(inner, text, name)]));
};
