// Owns which incident the wall shows, and for how long: each open one in turn; a new grave one, or a raise, goes to the front.
import type { Incident } from '../../incident/state.ts';
import { type IncidentId, isAbove, type Severity } from '../../incident/words.ts';

export const TURN_MS = 20_000;
/** What has just become grave stays at least this long, unless something graver comes. */
export const FRONT_MS = 30_000;

export interface Rotation {
  /** Null while nothing is open. */
  readonly shown: IncidentId | null;
  /** Steady local milliseconds until which it stays. */
  readonly untilMs: number;
  /** It went to the front and is not yet through with its time there. */
  readonly isInFront: boolean;
  readonly isHeld: boolean;
  /** Became grave while something at least as grave was in front. */
  readonly waiting: readonly IncidentId[];
  /** What was open at the last look, and how grave; null before the first. */
  readonly seen: Readonly<Record<IncidentId, Severity>> | null;
}

export const nothingShown: Rotation = {
  shown: null,
  untilMs: 0,
  isInFront: false,
  isHeld: false,
  waiting: [],
  seen: null,
};

export interface Look {
  /** Open incidents, the most urgent first. */
  readonly open: readonly Pick<Incident, 'id' | 'severity'>[];
  /** Steady local milliseconds. */
  readonly atMs: number;
}

/** What is shown from this moment on. The same object while nothing changes. */
export const rotate = (before: Rotation, { open, atMs }: Look): Rotation => {
  const severities = new Map(open.map(({ id, severity }) => [id, severity]));
  const risen = before.seen === null ? [] : open.filter((one) => hasRisen(one, before.seen)).map(({ id }) => id);
  const waits = new Set([...before.waiting, ...risen]);
  const waiting = open.map(({ id }) => id).filter((id) => waits.has(id));
  const seen = sameSeverities(before.seen, severities) ? before.seen : Object.fromEntries(severities);
  const now: Rotation = { ...before, seen, waiting: sameIds(before.waiting, waiting) ? before.waiting : waiting };
  return unlessSame(before, turned(now, { open, atMs }));
};

/** A person wants the next one, now. A hold goes on with that one. */
export const next = (rotation: Rotation, { open, atMs }: Look): Rotation => ({
  ...shows(rotation, following(rotation.shown, open), { atMs }),
  isHeld: rotation.isHeld,
});

/** Holds what is shown, or lets the turns go on. A hold ends by itself when something becomes grave, or what it holds is over. */
export const toggleHold = (rotation: Rotation, atMs: number): Rotation =>
  rotation.shown === null
    ? rotation
    : { ...rotation, isHeld: !rotation.isHeld, isInFront: false, untilMs: atMs + TURN_MS };

const turned = (rotation: Rotation, look: Look): Rotation => {
  const { open, atMs } = look;
  const shown = open.find(({ id }) => id === rotation.shown);
  const first = rotation.waiting[0];
  const isOver = shown === undefined || (atMs >= rotation.untilMs && !rotation.isHeld);
  if (first !== undefined && (isOver || !rotation.isInFront || overtakes(first, rotation, look)))
    return shows(rotation, first, { atMs, isInFront: true });
  if (!isOver || (rotation.shown === null && open.length === 0)) return rotation;
  // Alone on the wall there is nothing to turn to.
  if (shown !== undefined && open.length === 1)
    return rotation.isInFront ? { ...rotation, isInFront: false } : rotation;
  return shows(rotation, shown === undefined ? (open[0]?.id ?? null) : following(shown.id, open), { atMs });
};

const overtakes = (id: IncidentId, { shown }: Rotation, { open }: Look): boolean => {
  if (id === shown) return true;
  const severityOf = (sought: IncidentId | null) => open.find((one) => one.id === sought)?.severity;
  const its = severityOf(id);
  const inFront = severityOf(shown);
  return its !== undefined && (inFront === undefined || isAbove(its, inFront));
};

const shows = (
  rotation: Rotation,
  id: IncidentId | null,
  { atMs, isInFront = false }: { readonly atMs: number; readonly isInFront?: boolean },
): Rotation => ({
  ...rotation,
  shown: id,
  untilMs: atMs + (isInFront ? FRONT_MS : TURN_MS),
  isInFront,
  isHeld: false,
  waiting: rotation.waiting.filter((other) => other !== id),
});

const following = (id: IncidentId | null, open: Look['open']): IncidentId | null =>
  open[(open.findIndex((one) => one.id === id) + 1) % Math.max(1, open.length)]?.id ?? null;

const hasRisen = ({ id, severity }: Look['open'][number], seen: Rotation['seen']): boolean => {
  const before = seen !== null && Object.hasOwn(seen, id) ? seen[id] : undefined;
  return before === undefined ? severity === 'SEV1' || severity === 'SEV2' : isAbove(severity, before);
};

const sameIds = (a: readonly IncidentId[], b: readonly IncidentId[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);

const sameSeverities = (a: Rotation['seen'], b: ReadonlyMap<IncidentId, Severity>): boolean =>
  a !== null && Object.keys(a).length === b.size && [...b].every(([id, severity]) => a[id] === severity);

const unlessSame = (before: Rotation, after: Rotation): Rotation =>
  (Object.keys(after) as (keyof Rotation)[]).every((key) => before[key] === after[key]) ? before : after;
