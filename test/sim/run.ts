// Owns one run of the simulation: a seed becomes steps, every invariant is looked at after each, and the first one broken ends it.
import { createHash } from 'node:crypto';
import type { IncidentEvent } from '../../src/incident/events.ts';
import { SECOND } from '../../src/incident/time.ts';
import { INVARIANTS } from './invariants/all.ts';
import type { Looks } from './invariants/invariant.ts';
import { createPeople, type People } from './people.ts';
import { takeStep } from './steps.ts';
import { createWorld, type Seams, type World } from './world/world.ts';

export interface Broken {
  readonly invariant: string;
  readonly words: string;
}

export interface Run {
  readonly seed: number;
  /** Empty: all held. */
  readonly broken: readonly Broken[];
  /** What happened, one line a step. */
  readonly steps: readonly string[];
  readonly commits: number;
  readonly lives: number;
  /** The types of all that was recorded. */
  readonly events: ReadonlySet<string>;
  /** Of all that happened: equal for equal runs. */
  readonly hash: string;
}

export interface RunOptions {
  readonly seams?: Seams;
  /** Each step as it was taken. */
  readonly onStep?: (line: string) => void;
  /** What followed from it: commits as they become durable, tries to reach people, effects. */
  readonly onDetail?: (line: string) => void;
}

/** An event in short: its type, and what it is about. */
const words = (event: IncidentEvent): string => {
  const { type, ...facts } = event as IncidentEvent & Readonly<Record<string, unknown>>;
  const told = [
    'incident',
    'action',
    'service',
    'name',
    'page',
    'level',
    'person',
    'to',
    'severity',
    'reason',
    'silence',
    'undoes',
    'by',
  ];
  return `${type}(${told.flatMap((one) => (facts[one as never] === undefined ? [] : [String(facts[one as never])])).join(' ')})`;
};

const SOUND = 'the agent is sound';

const CALM_MS = 900 * SECOND;

export const runSeed = async (seed: number, options: RunOptions = {}): Promise<Run> => {
  const broken: Broken[] = [];
  const steps: string[] = [];
  const trace = createHash('sha256');
  const looks: Looks[] = [];
  const events = new Set<string>();
  let lives = 0;

  const world: World = createWorld(
    seed,
    {
      onCommit: (commit, before, after) => {
        for (const { type } of commit.events) events.add(type);
        options.onDetail?.(`${commit.at} #${commit.seq} ${commit.actor.name}: ${commit.events.map(words).join(', ')}`);
        for (const look of looks) look.onCommit?.(commit, before, after);
      },
      onTry: (attempt, earlier) => {
        trace.update(`try ${attempt.outgoing.id} ${attempt.askedAtMs}\n`);
        options.onDetail?.(
          `try ${attempt.outgoing.kind} ${attempt.outgoing.id}${attempt.outgoing.possibleDuplicate ? ' (possible duplicate)' : ''}${attempt.outgoing.unrecorded ? ' (unrecorded)' : ''}`,
        );
        for (const look of looks) look.onTry?.(attempt, earlier);
      },
      onApply: (applying, earlier) => {
        trace.update(`apply ${applying.plan}\n`);
        options.onDetail?.(`apply plan ${applying.plan}`);
        for (const look of looks) look.onApply?.(applying, earlier);
      },
      onBroken: (words) => broken.push({ invariant: SOUND, words }),
    },
    options.seams,
  );
  const people = createPeople(world, {
    onResult: (commandId, result) => {
      trace.update(`result ${commandId} ${JSON.stringify(result)}\n`);
      options.onDetail?.(`answer to ${commandId}: ${result.ok ? `commit ${result.seq}` : result.refusal.reason}`);
      for (const look of looks) look.onResult?.(commandId, result);
    },
    onBroken: (words) => broken.push({ invariant: SOUND, words }),
  });
  for (const [invariant, its] of Object.entries(INVARIANTS))
    looks.push(its(world, (words) => broken.push({ invariant, words }), people));

  const note = (words: string): void => {
    const at = new Date(world.time.wallMs()).toISOString();
    const line = `${String(steps.length + 1).padStart(4)} ${at} #${world.record.commits().length} ${words}`;
    trace.update(`${line} ${world.record.head()}\n`);
    steps.push(line);
    options.onStep?.(line);
  };

  const drawing = world.random.fork('steps');
  const pollEveryMs = drawing.pick([3, 5, 10, 20]) * SECOND;
  const poll = (): void => {
    world.signals.poll();
    world.time.after(pollEveryMs, poll);
  };
  poll();

  const afterStep = (words: string): void => {
    note(words);
    for (const look of looks) look.afterStep?.();
    lives = Math.max(lives, world.running()?.life.number ?? 0);
  };

  afterStep(`the agent starts: ${await world.start()}`);
  const count = drawing.between(40, 140);
  for (let step = 0; step < count && broken.length === 0; step += 1) afterStep(await takeStep(world, people, drawing));
  if (broken.length === 0) await calm(world, people, afterStep, (words) => broken.push({ invariant: SOUND, words }));
  if (broken.length === 0) for (const look of looks) look.whenCalm?.();
  await world.stop();
  return {
    seed,
    broken,
    steps,
    commits: world.record.commits().length,
    lives,
    events,
    hash: trace.update(world.record.head()).digest('hex'),
  };
};

/** Everything is repaired, and time passes: what is still open after that is lost. */
const calm = async (
  world: World,
  people: People,
  afterStep: (words: string) => void,
  broken: (words: string) => void,
): Promise<void> => {
  world.disk.setMood('well');
  world.pagers.setMood('well');
  world.targets.setMood('well');
  people.recover();
  world.crash(Number.POSITIVE_INFINITY);
  if (world.running() === null) afterStep(`all is well again; the agent starts: ${await world.start()}`);
  for (let passed = 0; passed < CALM_MS; passed += 60 * SECOND) {
    await world.time.pass(60 * SECOND);
    afterStep('a calm minute');
  }
  if (world.running() === null) broken('the agent is not up, and nothing keeps it from it');
};
