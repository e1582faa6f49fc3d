// Owns look-ups by names from outside: `constructor` and `__proto__` are names like any other and find nothing inherited.

export const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
