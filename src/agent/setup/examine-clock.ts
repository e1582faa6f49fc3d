// Owns looking at this host's clock: does it follow a time server, is it plausible, does it stand still while we look.
import { execFile } from 'node:child_process';
import { SECOND } from '../../incident/time.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

/** Runs a program of this host; null where it is not there or does not say. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string | null>;

const WITHIN_MS = 2 * SECOND;

export const runProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: WITHIN_MS }, (error, stdout) => resolve(error === null ? stdout : null));
  });

const FOLLOW = 'let chrony or systemd-timesyncd keep it; deadlines and pages go by this clock';
const FAR_SECONDS = 1;

/** Findings about whether the clock is kept right by somebody. */
export const examineTimeServer = async (run: RunProgram = runProgram): Promise<readonly Finding[]> => {
  const [systemd, chrony] = await Promise.all([
    run('timedatectl', ['show', '--property=NTPSynchronized', '--value']),
    run('chronyc', ['-c', 'tracking']),
  ]);
  const offset = chronyOffset(chrony);
  if (offset !== null && Math.abs(offset) > FAR_SECONDS)
    return [warning('clock', `chrony says that this host's clock is ${offset.toFixed(1)} s off`, FOLLOW)];
  if (offset !== null || systemd?.trim() === 'yes') return [fine('clock', "this host's clock follows a time server")];
  if (systemd?.trim() === 'no') return [warning('clock', "this host's clock follows no time server", FOLLOW)];
  return [fine('clock', "nothing here says whether this host's clock follows a time server")];
};

/** Fields of `chronyc -c tracking`: reference, name, stratum, time, system time offset, ... A stratum of 0 follows nobody. */
const chronyOffset = (said: string | null): number | null => {
  const fields = said?.trim().split(',') ?? [];
  const offset = Number(fields[4]);
  return fields.length > 10 && Number(fields[2]) > 0 && Number.isFinite(offset) ? offset : null;
};

const AGREES_WITHIN_MS = 2 * SECOND;

export interface ClockReading {
  readonly nowMs: number;
  readonly elapsedMs: number;
}

/** Findings about a clock that was read before and after the other examinations. */
export const examineJump = (before: ClockReading, after: ClockReading): readonly Finding[] => {
  const byMs = after.nowMs - before.nowMs - (after.elapsedMs - before.elapsedMs);
  if (Math.abs(byMs) < SECOND / 2) return [];
  const how = `${Math.abs(byMs / SECOND).toFixed(1)} s ${byMs > 0 ? 'forward' : 'back'}`;
  return [warning('clock', `this host's clock was set ${how} while it was looked at`, FOLLOW)];
};

/** Findings about a clock that says it is before what is recorded already. `lastAt` is the moment of the last commit. */
export const examineAgainstJournal = (lastAt: number, nowMs: number): readonly Finding[] => {
  const aheadMs = lastAt - nowMs;
  if (aheadMs <= AGREES_WITHIN_MS) return [];
  const what = `the last entry of the journal is ${(aheadMs / SECOND).toFixed(1)} s ahead of this host's clock`;
  return [failure('clock', what, 'set the clock right: until then deadlines wait for that moment')];
};

/** Findings about the clock of an agent that answered with its `Date`, which has whole seconds. */
export const examineAgentClock = (
  date: string,
  { askedMs, answeredMs }: { readonly askedMs: number; readonly answeredMs: number },
): readonly Finding[] => {
  const itsMs = Date.parse(date);
  if (Number.isNaN(itsMs)) return [];
  const aheadMs = itsMs > answeredMs ? itsMs - answeredMs : Math.min(0, itsMs + SECOND - askedMs);
  if (Math.abs(aheadMs) <= AGREES_WITHIN_MS) return [];
  const how = `${(Math.abs(aheadMs) / SECOND).toFixed(0)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
  return [warning('clock', `the agent's clock is ${how} this host's`, 'let both hosts follow the same time server')];
};
