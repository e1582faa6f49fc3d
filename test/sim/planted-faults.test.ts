import { afterEach, expect, it, vi } from 'vitest';
import type { Reactor } from '../../src/agent/reactors/reactor.ts';
import { known, type ServiceSignals } from '../../src/incident/signals.ts';
import type { Action, Incident, Room } from '../../src/incident/state.ts';
import { type RunOptions, runSeed } from './run.ts';

/** The fault that is planted now: each stands where the code does the opposite. */
const planted = vi.hoisted((): { fault: string | null } => ({ fault: null }));
afterEach(() => {
  planted.fault = null;
});

const FOR_EVER = '9999-12-31T23:59:59.999Z';
const done = { ok: true, seq: 0, subject: null } as const;

const withActions = (room: Room, change: (action: Action) => Action): Room => ({
  ...room,
  incidents: Object.fromEntries(
    Object.entries(room.incidents).map(([id, incident]): [string, Incident] => [
      id,
      {
        ...incident,
        actions: Object.fromEntries(Object.entries(incident.actions).map(([key, action]) => [key, change(action)])),
      },
    ]),
  ),
});

const withoutPages = (room: Room, hidden: ReadonlySet<string>): Room => ({
  ...room,
  incidents: Object.fromEntries(
    Object.entries(room.incidents).map(([id, incident]): [string, Incident] => [
      id,
      { ...incident, pages: Object.fromEntries(Object.entries(incident.pages).filter(([page]) => !hidden.has(page))) },
    ]),
  ),
});

vi.mock('../../src/agent/reactors/actions.ts', async (original) => {
  const real = await original<typeof import('../../src/agent/reactors/actions.ts')>();
  type Parts = Parameters<typeof real.actions>[0];
  const early = (parts: Parts): Reactor =>
    real.actions({
      ...parts,
      record: (command) => {
        const recorded = parts.record(command);
        return command.type === 'start-action' ? Promise.resolve(done) : recorded;
      },
    });
  const doubling = (parts: Parts): Reactor => {
    let begunBefore: ReadonlySet<string> | null = null;
    const its = real.actions({
      ...parts,
      record: (command) =>
        command.type === 'start-action' && begunBefore?.has(command.action)
          ? Promise.resolve(done)
          : parts.record(command),
    });
    return {
      ...its,
      look: (room, now) => {
        const all = Object.values(room.incidents).flatMap(({ actions }) => Object.values(actions));
        begunBefore ??= new Set(all.filter(({ state }) => state.name === 'started').map(({ id }) => id));
        const asConfirmed = (action: Action): Action =>
          begunBefore?.has(action.id) && action.state.name === 'started'
            ? { ...action, state: { name: 'confirmed', by: 'ana', at: now, until: FOR_EVER } as Action['state'] }
            : action;
        return its.look(withActions(room, asConfirmed), now);
      },
    };
  };
  return {
    ...real,
    actions: (parts: Parts): Reactor => {
      if (planted.fault === 'an effect before its commit') return early(parts);
      return planted.fault === 'a doubled effect after a restart' ? doubling(parts) : real.actions(parts);
    },
  };
});

vi.mock('../../src/agent/reactors/deliveries.ts', async (original) => {
  const real = await original<typeof import('../../src/agent/reactors/deliveries.ts')>();
  return {
    ...real,
    deliveries: (parts: Parameters<typeof real.deliveries>[0]): Reactor => {
      const its = real.deliveries(parts);
      if (planted.fault !== 'a lost page') return its;
      const inFlight = new Set(Object.values(parts.found.incidents).flatMap(({ pages }) => Object.keys(pages)));
      return { ...its, look: (room, now) => its.look(withoutPages(room, inFlight), now) };
    },
  };
});

vi.mock('../../src/incident/evolve-escalation.ts', async (original) => {
  const real = await original<typeof import('../../src/incident/evolve-escalation.ts')>();
  const evolveEscalation: typeof real.evolveEscalation = (incident, event, context) => {
    const after = real.evolveEscalation(incident, event, context);
    const isWorse =
      planted.fault === 'an acknowledgement that stops what is worse' && event.type === 'escalation.started';
    return isWorse && after.escalation !== null
      ? { ...after, escalation: { ...after.escalation, heldBy: incident.escalation?.heldBy ?? null } }
      : after;
  };
  return { ...real, evolveEscalation };
});

/** As many runs as it takes, at most so many; the invariants that broke in the first that failed. */
const brokenWithin = async (seeds: number, options: RunOptions = {}): Promise<readonly string[]> => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { broken } = await runSeed(seed, options);
    if (broken.length > 0) return broken.map(({ invariant }) => invariant);
  }
  return [];
};

it('with nothing planted all holds', async () => {
  expect(await brokenWithin(10)).toEqual([]);
});

it.for([
  ['an effect before its commit', 'no effect comes before its commit'],
  ['a lost page', 'no page is lost'],
  ['a doubled effect after a restart', 'no effect is doubled'],
  ['an acknowledgement that stops what is worse', 'an acknowledgement stops nothing worse than what was seen'],
] as const)('finds %s', async ([fault, invariant]) => {
  planted.fault = fault;
  expect(await brokenWithin(100)).toContain(invariant);
});

it('finds an unknown signal that is taken for a healthy one', async () => {
  const healthy = (its: ServiceSignals): ServiceSignals => ({
    ...its,
    reading: { ...its.reading, errorRatio: known(0), p95Seconds: known(0.1), requestsPerSecond: known(100) },
  });
  const asHealthy = (its: ServiceSignals): ServiceSignals => (its.reading.errorRatio.known ? its : healthy(its));
  const broken = await brokenWithin(100, {
    seams: {
      feed: (feed) => ({
        ...feed,
        current: () => Object.fromEntries(Object.entries(feed.current()).map(([name, its]) => [name, asHealthy(its)])),
      }),
    },
  });
  expect(broken).toContain('unknown is never good news');
});
