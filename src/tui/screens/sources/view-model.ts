// Owns what the list of sources shows: failing ones first, then those that never told anything, then by name.
import type { RoomView } from '../../../client/room-client.ts';
import { matches } from '../../../incident/filter.ts';
import { toEpochMs } from '../../../incident/time.ts';
import type { SourceHealth } from '../../../protocol/messages.ts';
import { againstAgent, clockState, clockWords } from '../../clock-words.ts';
import { age } from '../../format.ts';
import { rememberedWith } from '../../remembered.ts';
import { moment } from '../time-words.ts';

export interface SourceRow {
  readonly source: string;
  /** `unknown` while the agent is not heard: it may have failed since. `CLOCK`: its times are no use. */
  readonly state: 'ok' | 'FAILING' | 'CLOCK' | 'silent' | 'unknown';
  readonly way: 'asked' | 'tells';
  readonly success: string;
  readonly took: string;
  readonly rate: string;
  /** The latest error of one that fails; of another when it last failed. */
  readonly note: string;
}

export interface SourceFoot {
  readonly title: string;
  readonly way: string;
  readonly success: string;
  /** How its clock is off from the agent's; null where it agrees or is not told. */
  readonly clock: string | null;
  readonly isClockWrong: boolean;
  readonly error: string | null;
  readonly isFailing: boolean;
}

const rank = ({ failing, lastSuccessAt, skewMs }: SourceHealth): number => {
  if (failing) return 0;
  if (clockState(skewMs) === 'WRONG') return 1;
  return lastSuccessAt === null ? 2 : 3;
};

export const sourcesListed = ({ health }: RoomView, filter: string): readonly SourceHealth[] =>
  listed(health?.sources ?? none, filter);

const none: readonly SourceHealth[] = [];

const listed = rememberedWith((sources: readonly SourceHealth[], filter: string): readonly SourceHealth[] =>
  sources
    .filter((source) => filter === '' || matches(filter, searchable(source)))
    .sort((a, b) => rank(a) - rank(b) || (a.source < b.source ? -1 : 1)),
);

const searchable = ({ source, kind, failing, lastError, skewMs }: SourceHealth): string =>
  [source, kind, failing ? 'failing' : 'ok', lastError?.text ?? '', clockWords(skewMs) ?? ''].join(' ');

export const failingCount = ({ health }: RoomView): number =>
  (health?.sources ?? []).filter(({ failing }) => failing).length;

export const wrongClocks = ({ health }: RoomView): number =>
  (health?.sources ?? []).filter(({ skewMs }) => clockState(skewMs) === 'WRONG').length;

// Within a few polls nobody cares which second it was, and the row stands still.
const JUST_NOW_MS = 20_000;

const ago = (at: string | null, now: number): string => {
  if (at === null) return 'never';
  const ms = now - toEpochMs(at);
  return ms < JUST_NOW_MS ? 'just now' : `${age(ms)} ago`;
};

const stateOf = ({ failing, lastSuccessAt, skewMs }: SourceHealth, isHeard: boolean): SourceRow['state'] => {
  if (failing) return 'FAILING';
  if (isHeard && clockState(skewMs) === 'WRONG') return 'CLOCK';
  return isHeard ? (lastSuccessAt === null ? 'silent' : 'ok') : 'unknown';
};

const tookWords = (ms: number): string =>
  !Number.isFinite(ms) ? 'unknown' : ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms)} ms`;

interface Moment {
  readonly now: number;
  /** Whether the agent is heard now. */
  readonly isHeard: boolean;
}

export const sourceRow = (health: SourceHealth, { now, isHeard }: Moment): SourceRow => {
  const { source, kind, lastSuccessAt, lastError, failing, tookMs, perMinute, skewMs } = health;
  return {
    source,
    state: stateOf(health, isHeard),
    way: kind,
    success: ago(lastSuccessAt, now),
    took: lastSuccessAt === null && lastError === null ? '-' : tookWords(tookMs),
    rate: `${perMinute}/min`,
    note:
      (failing ? null : clockWords(skewMs)) ??
      (lastError === null ? '' : failing ? lastError.text : `failed ${ago(lastError.at, now)}`),
  };
};

export const sourceFoot = (health: SourceHealth, now: number): SourceFoot => {
  const { source, kind, lastSuccessAt, lastError, failing, tookMs, perMinute, skewMs } = health;
  const latest = tookWords(tookMs);
  return {
    title: source,
    way:
      kind === 'asked'
        ? `asked by us: ${perMinute} answers in the last minute, the latest after ${latest}`
        : `tells us by itself: ${perMinute} alerts in the last minute, the latest taken in ${latest}`,
    success: lastSuccessAt === null ? 'never' : `${moment(lastSuccessAt, now)} UTC, ${ago(lastSuccessAt, now)}`,
    clock: againstAgent(skewMs),
    isClockWrong: clockState(skewMs) === 'WRONG',
    error: lastError === null ? null : `${moment(lastError.at, now)} UTC, ${ago(lastError.at, now)}: ${lastError.text}`,
    isFailing: failing,
  };
};
