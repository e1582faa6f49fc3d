// Owns waiting for a condition: tests never sleep for a guess.

/** Resolves once `holds` gives a value other than false, null or undefined; rejects with the description when it takes too long. */
export const until = async <Value>(
  description: string,
  holds: () => Value | Promise<Value>,
  withinMs = 10_000,
): Promise<NonNullable<Value>> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await holds();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for: ${description}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
