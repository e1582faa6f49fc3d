// Owns the guess of the agent's clock: its last word, carried on by this machine's own monotonic time.

export interface AgentClock {
  now(): number;
  heard(agentNowMs: number, rate?: number): void;
}

export const agentClock = (): AgentClock => {
  let base = { agentMs: Date.now(), localMs: performance.now(), rate: 1 };
  return {
    now: () => base.agentMs + (performance.now() - base.localMs) * base.rate,
    heard: (agentMs, rate) => {
      base = { agentMs, localMs: performance.now(), rate: rate ?? base.rate };
    },
  };
};
