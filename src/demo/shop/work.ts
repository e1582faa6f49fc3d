// Owns what an instance does for one request: its own work, its dependencies, and the ways both go wrong.
import type { Agent } from 'node:http';
import type { Database } from './database.ts';
import { callHttp } from './http-call.ts';
import { jsonReply, type Reply } from './loopback-server.ts';
import type { ServiceSpec } from './service-specs.ts';

export interface Dependency {
  readonly url: URL;
  readonly method: ServiceSpec['method'];
}

export interface Surroundings {
  readonly random: () => number;
  /** Kept connections for calls to other servers of the shop. */
  readonly connections: Agent;
  /** 1 in the demo; tests work faster. */
  readonly workFactor: number;
  /** Waits that many real milliseconds: all that work is made of. */
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Customers one request stands for: where the clock runs faster than life, as many as it is faster. */
  readonly standsFor: number;
}

export interface WorkOrder extends Surroundings {
  readonly spec: ServiceSpec;
  readonly dependencies: readonly Dependency[];
  readonly database: Database;
  readonly isFaulty: boolean;
  readonly isBreakerOpen: boolean;
}

const FAULT_MS = 550;
const DEGRADED_MS = 20;
// What a broken release still breaks on the short path: with two of five instances broken, 2 % of all requests.
const DEGRADED_FAULT_RATIO = 0.05;
const DEPENDENCY_TIMEOUT_MS = 2_000;
const SLOW_SHARE = 0.03;
const SLOW_TIMES = 2.5;

/** Does the work of one request. Status 500 is the instance's own failure, 502 that of a dependency. */
export const performWork = async (order: WorkOrder): Promise<Reply> => {
  if (order.isBreakerOpen) return performDegraded(order);
  if (order.isFaulty) {
    await spend(order, FAULT_MS);
    return jsonReply(500, { error: 'cart total is not a number' });
  }
  await order.database.query(order.spec.workMs * tail(order));
  const broken = await firstBroken(order);
  if (broken !== null) return jsonReply(502, { error: 'a dependency failed', status: broken });
  // Rarer where one stands for many, or one mishap would look like an incident.
  if (order.random() < order.spec.ownErrorRatio / order.standsFor)
    return jsonReply(500, { error: 'deadlock, try again' });
  return jsonReply(200, { service: order.spec.name });
};

const performDegraded = async (order: WorkOrder): Promise<Reply> => {
  await spend(order, DEGRADED_MS);
  if (order.isFaulty && order.random() < DEGRADED_FAULT_RATIO) return jsonReply(500, { error: 'no degraded answer' });
  return jsonReply(200, { service: order.spec.name, degraded: true });
};

/** The status of a dependency that failed, 0 for one that did not answer; null when all are well. */
const firstBroken = async (order: WorkOrder): Promise<number | null> => {
  const results = await Promise.all(
    order.dependencies.map((dependency) =>
      callHttp(order.connections, { ...dependency, timeoutMs: DEPENDENCY_TIMEOUT_MS }),
    ),
  );
  const statuses = results.map((result) => (result.ok ? result.status : 0));
  return statuses.find((status) => status < 200 || status > 299) ?? null;
};

/** Takes about that long. */
export const spend = async ({ workFactor, random, sleep }: Surroundings, ms: number): Promise<void> => {
  await sleep(ms * workFactor * (0.5 + random()));
};

const tail = (order: WorkOrder): number => (order.random() < SLOW_SHARE ? SLOW_TIMES : 1);
