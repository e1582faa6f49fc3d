// Owns how much one client may say: so many messages and so many bytes in a second.

export interface Allowance {
  readonly messages: number;
  readonly bytes: number;
}

/** A person at a keyboard needs a hundredth of it; a script that pastes a page of notes still fits. */
export const PER_SECOND: Allowance = { messages: 50, bytes: 512 * 1024 };

/** Takes each message as it comes; what is too much, or null. */
export const allowing = (nowMs: () => number, most: Allowance = PER_SECOND): ((bytes: number) => string | null) => {
  let second = { startedMs: Number.NEGATIVE_INFINITY, messages: 0, bytes: 0 };
  return (bytes) => {
    const now = nowMs();
    // A clock that was set back begins a second too.
    const isNew = now - second.startedMs >= 1_000 || now < second.startedMs;
    if (isNew) second = { startedMs: now, messages: 0, bytes: 0 };
    second.messages += 1;
    second.bytes += bytes;
    if (second.messages > most.messages) return `more than ${most.messages} messages in a second`;
    return second.bytes > most.bytes ? `more than ${most.bytes / 1024} KiB in a second` : null;
  };
};
