// Owns what another clock's reading says about it: how far it is ahead of ours, as far as the time on the way lets us know.

export interface Asked {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** It was read at some moment between question and answer: 0 where it may agree; negative where it is behind. */
export const clockAheadMs = (itsNowMs: number, { askedAtMs, answeredAtMs }: Asked): number =>
  itsNowMs < askedAtMs ? itsNowMs - askedAtMs : Math.max(0, itsNowMs - answeredAtMs);
