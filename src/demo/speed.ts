// Owns how much faster than life a demo can run.

const FASTEST = 60;

export const SPEED_LIMITS = `a whole number from 1 to ${FASTEST}`;

export const isSpeed = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= FASTEST;
