// Owns the number of the shape of the state that `evolve` folds to; derived copies of another shape are made anew from the log.

/** Raised whenever `evolve` gives another state for the same events. */
export const STATE_SHAPE = 3;
