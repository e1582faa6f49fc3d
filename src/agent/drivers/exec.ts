// Owns containment by a team's own programs: one prints the target, one changes it, one puts it back. Never through a shell.
import { isUtf8 } from 'node:buffer';
import { safeText } from '../../incident/text.ts';
import type { ExecProfile } from '../config/config.ts';
import { holdsSecret, withoutSecrets } from '../without-secrets.ts';
import {
  type DocumentAccess,
  documentDriver,
  malformed,
  notConfigured,
  rejected,
  type World,
} from './document-driver.ts';
import type { ApplyResult, Driver } from './driver.ts';
import { type Program, type Ran, runProgram } from './exec-process.ts';
import { changedInKind, readTarget } from './exec-target.ts';
import { commandLine, filledRun } from './exec-template.ts';

export interface ExecDriverOptions {
  /** The profile of an action by name; null when the configuration has none. */
  readonly profile: (name: string) => ExecProfile | null;
  /** The agent's environment: PATH, HOME and LANG go to the programs, nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A driver for actions whose profile names three programs. `read` prints the target: a JSON document, else its text. A change that
 * exits with another code than 0 is `rejected` where the target is as before; one that had to be ended is `unknown`. Timeouts are
 * the profile's.
 */
export const execDriver = ({ profile, env }: ExecDriverOptions): Driver => {
  const access: DocumentAccess<ExecProfile, Program> = {
    driver: 'exec',
    profile,
    change: changedInKind,
    fill: (found, { direction, filling }) => {
      const isUndo = direction === 'undo';
      const read = filledRun(found.read.run, filling);
      const write = filledRun((isUndo ? found.undo : found.apply).run, filling);
      const back = filledRun((isUndo ? found.apply : found.undo).run, filling);
      if (!read.ok) return { ok: false, detail: `read: ${read.detail}` };
      if (!write.ok) return { ok: false, detail: `${direction}: ${write.detail}` };
      if (!back.ok) return { ok: false, detail: `${isUndo ? 'apply' : 'undo'}: ${back.detail}` };
      return {
        ok: true,
        target: commandLine(read.argv),
        command: commandLine(write.argv),
        back: commandLine(back.argv),
        write: { argv: write.argv, env: environmentOf(found, env) },
      };
    },
    read: async (found, instruction, signal) => {
      const call = filledRun(found.read.run, instruction);
      if (!call.ok) return notConfigured(instruction.name, `read: ${call.detail}`);
      const program = { argv: call.argv, env: environmentOf(found, env) };
      return worldOf(await runProgram(program, { signal, timeoutMs: found.timeoutMs, longer: 'ended' }), found);
    },
    write: async (found, program, { signal, look }) => {
      const ran = await runProgram(program, { signal, timeoutMs: found.timeoutMs, longer: 'ignored' });
      if (!ran.ok) return { ok: false, reason: ran.mayHaveRun ? 'unknown' : ran.reason, detail: safeText(ran.detail) };
      return ran.good ? { ok: true } : afterFailure(said(ran, found), await look());
    },
  };
  return documentDriver(access);
};

const PASSED_ON = ['PATH', 'HOME', 'LANG'] as const;

const environmentOf = (profile: ExecProfile, env: ExecDriverOptions['env']): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  ...profile.env,
});

const worldOf = (ran: Ran, profile: ExecProfile): World => {
  if (!ran.ok) return { ok: false, reason: ran.reason, detail: safeText(`read: ${ran.detail}`) };
  if (ran.stdout === null) return malformed('read: it printed more than 1 MiB');
  if (!ran.good) return rejected(`read: ${said(ran, profile)}`);
  if (!isUtf8(ran.stdout)) return malformed('read: what it printed is not UTF-8 text');
  const text = ran.stdout.toString();
  // What is read goes into the log and onto every screen.
  if (holdsSecret(text, profile.secrets)) return malformed('read: it printed a secret of `env:`');
  const target = readTarget(text, profile.pointer);
  return target.ok ? { ok: true, value: target.value, version: null } : malformed(`read: ${target.detail}`);
};

/** A failed program says nothing sure about the change; the world does. */
const afterFailure = (detail: string, world: Awaited<ReturnType<Driver['observe']>>): ApplyResult => {
  if (world === 'applied') return { ok: true };
  return world === 'reverted' ? rejected(detail) : { ok: false, reason: 'unknown', detail };
};

/** How a program ended and its last word on it: harmless, short, and without the secrets it was given. */
const said = ({ how, stderr }: Extract<Ran, { ok: true }>, { secrets }: ExecProfile): string => {
  const lines = stderr.split(/\r?\n|\r/);
  const last = lines.findLast((line) => line.trim() !== '') ?? '';
  // A line longer than what is kept of it may begin inside of a secret.
  const whole = last === lines[0] && last.length > 10_000 ? '' : last;
  const words = withoutSecrets(whole, secrets, 200);
  return safeText(words === '' ? how : `${how}: ${words}`);
};
