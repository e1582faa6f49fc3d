// Owns the shop's customers: requests at a steady rate with a little life in it, whatever the answers are.
import { Agent } from 'node:http';
import { callHttp } from './http-call.ts';
import type { ServiceSpec } from './service-specs.ts';

export interface LoadOptions {
  readonly spec: ServiceSpec;
  readonly url: URL;
  readonly requestsPerSecond: number;
  readonly random: () => number;
}

const TIMEOUT_MS = 8_000;
const MOST_OUTSTANDING = 60;
const WAVE_MS = 90_000;
const WAVE_HEIGHT = 0.06;

/** Sends until the returned function is called. A customer who finds too many before them turns away. */
export const startLoad = ({ spec, url, requestsPerSecond, random }: LoadOptions): (() => void) => {
  const connections = new Agent({ keepAlive: true });
  let outstanding = 0;
  let timer: NodeJS.Timeout | undefined;

  const send = async (): Promise<void> => {
    if (outstanding >= MOST_OUTSTANDING) return;
    outstanding += 1;
    await callHttp(connections, { url, method: spec.method, timeoutMs: TIMEOUT_MS });
    outstanding -= 1;
  };

  const delayMs = (): number => {
    const wave = 1 + WAVE_HEIGHT * Math.sin((performance.now() / WAVE_MS) * 2 * Math.PI);
    return (1_000 / (requestsPerSecond * wave)) * (0.6 + 0.8 * random());
  };

  const scheduleNext = (): void => {
    timer = setTimeout(() => {
      void send();
      scheduleNext();
    }, delayMs());
  };

  if (requestsPerSecond > 0) scheduleNext();
  return () => {
    clearTimeout(timer);
    connections.destroy();
  };
};
