// Owns what can happen in a simulation: one step after the other, drawn from the seed.
import type { AlertTold } from '../../src/incident/commands.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, SECOND } from '../../src/incident/time.ts';
import { drawCommand, PEOPLE } from './commands.ts';
import type { People } from './people.ts';
import { POLICIES } from './world/policies.ts';
import type { Random } from './world/random.ts';
import type { Condition } from './world/signals.ts';
import { SERVICES, type World } from './world/world.ts';

/** Something that happens; says in words what it was. */
type Step = (world: World, people: People, random: Random) => Promise<string>;

const seconds = (ms: number): string => `${(ms / SECOND).toFixed(1)} s`;

const pass = async (world: World, ms: number): Promise<string> => {
  await world.time.pass(ms);
  return `${seconds(ms)} pass`;
};

const command: Step = async (world, people, random) => {
  const person = random.pick(PEOPLE);
  const its = drawCommand(random, people.roomOf(person.name));
  people.say(person.name, its);
  await world.time.settle();
  return `${person.name}: ${JSON.stringify(its)}`;
};

const CONDITIONS: readonly Condition[] = [
  { name: 'well' },
  { name: 'well' },
  { name: 'well' },
  { name: 'well' },
  { name: 'failing', errorRatio: 0.7 },
  { name: 'failing', errorRatio: 0.2 },
  { name: 'failing', errorRatio: 0.03 },
  { name: 'unknown', why: 'unreachable' },
  { name: 'unknown', why: 'stale' },
  { name: 'idle' },
];

const alertsOf = (random: Random): readonly AlertTold[] =>
  Array.from({ length: random.between(1, 3) }, () => ({
    source: 'am',
    fingerprint: `f${random.between(1, 8)}`,
    service: random.chance(0.9) ? random.pick(SERVICES) : 'stranger',
    givenSeverity: random.pick(['critical', 'error', 'warning', 'info']),
    message: safeText('an alert fires'),
    firing: random.chance(0.6),
  }));

const DISTANCES = [SECOND, 7 * SECOND, 40 * SECOND, 5 * MINUTE, HOUR, 9 * HOUR, 26 * HOUR] as const;

/** More weight: drawn more often. */
const STEPS: readonly (readonly [number, Step])[] = [
  [25, (world, _people, random) => pass(world, random.between(0, 5_000))],
  [20, (world, _people, random) => pass(world, random.between(5, 60) * SECOND)],
  [6, (world, _people, random) => pass(world, random.between(60, 600) * SECOND)],
  [45, command],
  [
    8,
    async (world, people, random) => {
      const said = Array.from({ length: random.between(2, 5) }, () => {
        const person = random.pick(PEOPLE);
        const its = drawCommand(random, people.roomOf(person.name));
        people.say(person.name, its);
        return `${person.name}: ${its.type}`;
      });
      await world.time.settle();
      return `at once: ${said.join(', ')}`;
    },
  ],
  [
    7,
    async (world, _people, random) => {
      const alerts = alertsOf(random);
      void world.running()?.agent.takeAlerts('am', alerts);
      await world.time.settle();
      return `alerts: ${alerts.map(({ service, fingerprint, firing }) => `${service} ${fingerprint} ${firing ? 'fires' : 'is over'}`).join(', ')}`;
    },
  ],
  [
    9,
    async (world, _people, random) => {
      const service = random.pick(SERVICES);
      const condition = random.pick(CONDITIONS);
      world.signals.become(service, condition);
      return `${service} is ${condition.name}`;
    },
  ],
  [
    4,
    async (world, _people, random) => {
      world.pagers.setMood(random.pick(['well', 'well', 'flaky', 'flaky', 'away'] as const));
      return `the pagers are ${world.pagers.mood()}`;
    },
  ],
  [
    4,
    async (world, _people, random) => {
      world.targets.setMood(random.pick(['well', 'well', 'flaky', 'flaky', 'away'] as const));
      return `the targets are ${world.targets.mood()}`;
    },
  ],
  [
    1,
    async (world, _people, random) => {
      const all = world.targets.all();
      if (all.length === 0) return 'nothing to meddle with';
      const target = random.pick(all);
      world.targets.meddle(target);
      return `somebody changes ${target.action} of ${target.service}`;
    },
  ],
  [
    4,
    async (world, _people, random) => {
      world.disk.setMood(random.pick(['well', 'well', 'well', 'slow', 'full', 'failing', 'read-only'] as const));
      world.disturbed();
      return `the disk is ${world.disk.mood()}`;
    },
  ],
  [
    5,
    async (world, _people, random) => {
      const calls = random.chance(0.5) ? 0 : random.between(1, 12);
      world.crash(calls);
      return `the agent is killed after ${calls} calls`;
    },
  ],
  [
    1,
    async (world) => {
      await world.stop();
      return 'the agent is stopped';
    },
  ],
  [
    5,
    async (world, _people, random) => {
      const byMs = random.pick(DISTANCES) * (random.chance(0.7) ? 1 : -1) + random.between(-900, 900);
      world.time.jump(byMs);
      world.disturbed();
      return `the clock jumps by ${seconds(byMs)}`;
    },
  ],
  [
    2,
    async (world, _people, random) => {
      world.changePolicy(random.pick(POLICIES));
      void world.running()?.agent.noteConfiguration(random.chance(0.2) ? 'as simulated' : null);
      await world.time.settle();
      return 'the configuration changes';
    },
  ],
  [
    8,
    async (world, people, random) => {
      const words = people.networkTrouble(random);
      await world.time.settle();
      return words;
    },
  ],
];

const DRAWN = STEPS.flatMap(([weight, step]) => Array.from({ length: weight }, () => step));

/** Does the next step; an agent that is down comes back before long. */
export const takeStep: Step = async (world, people, random) => {
  if (world.running() === null && random.chance(0.5)) {
    const dieAfterCalls = random.chance(0.1) ? random.between(0, 20) : undefined;
    const outcome = await world.start(dieAfterCalls);
    // Somebody makes room, or there would be nothing to see for long.
    if (outcome === 'state-unwritable' && random.chance(0.4)) world.disk.setMood('well');
    return `the agent starts: ${outcome}`;
  }
  return random.pick(DRAWN)(world, people, random);
};
