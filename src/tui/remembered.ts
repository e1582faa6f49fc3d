// Owns remembering what was made of immutable things: made once for each, however often it is drawn, and gone with it.

/** `make`, called once for each object. What it gives must follow from the object alone. */
export const remembered = <Of extends WeakKey, Made>(make: (of: Of) => Made): ((of: Of) => Made) => {
  const made = new WeakMap<Of, { readonly value: Made }>();
  return (of) => {
    const before = made.get(of);
    if (before !== undefined) return before.value;
    const value = make(of);
    made.set(of, { value });
    return value;
  };
};

/** The same where it follows from more than the object: of each, what was made with the latest of the others. */
export const rememberedWith = <Of extends WeakKey, More extends readonly unknown[], Made>(
  make: (of: Of, ...more: More) => Made,
): ((of: Of, ...more: More) => Made) => {
  const made = new WeakMap<Of, { readonly more: More; readonly value: Made }>();
  return (of, ...more) => {
    const before = made.get(of);
    if (before?.more.every((one, index) => one === more[index])) return before.value;
    const value = make(of, ...more);
    made.set(of, { more, value });
    return value;
  };
};
