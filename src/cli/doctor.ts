// Owns `warroom doctor`: everything the agent needs is tried, side by side, and each finding told with its fix. Leaves nothing behind.
import { existsSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import { systemClock } from '../agent/clock.ts';
import type { Config } from '../agent/config/config.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { examineJump, examineTimeServer } from '../agent/setup/examine-clock.ts';
import { examineDisk } from '../agent/setup/examine-disk.ts';
import { examineDoors } from '../agent/setup/examine-doors.ts';
import { examineMail, examineSlack } from '../agent/setup/examine-notifiers.ts';
import { examineTlsKey } from '../agent/setup/examine-private-files.ts';
import { examinePrometheus } from '../agent/setup/examine-prometheus.ts';
import { examineJournal, examineState } from '../agent/setup/examine-state.ts';
import { examineChecks, examineScrapes } from '../agent/setup/examine-targets.ts';
import { EXAMINED, type Finding, failure, fine } from '../agent/setup/finding.ts';
import { missingSteps } from '../agent/setup/missing-steps.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import type { Answering } from './answer.ts';
import { examineAgent } from './examine-agent.ts';
import { examineTerminal } from './examine-terminal.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { findingLines } from './finding-lines.ts';
import { configDirectory, shippedConfig, stateDirectory } from './paths.ts';
import { printJson, printLines } from './print.ts';
import type { Output, Shell } from './shell.ts';
import { version } from './version.ts';

export interface DoctorOptions extends Pick<Answering, 'json'> {
  readonly config?: string;
}

const NEEDED_NODE = 22;

export const doctor = async (shell: Shell, options: DoctorOptions): Promise<ExitCode> => {
  const calledOff = new AbortController();
  const stopListening = shell.onInterrupt(() => calledOff.abort());
  try {
    const findings = await examineAll(shell, options, calledOff.signal);
    const ok = findings.every(({ state }) => state !== 'fail');
    if (options.json) printJson(shell.stdout, { ok, findings });
    else
      printLines(shell.stdout, [
        ...findingLines(findings, terminalSize(shell.stdout)?.columns ?? null),
        sumOf(findings),
      ]);
    return ok ? EXIT.done : EXIT.failed;
  } finally {
    stopListening();
  }
};

const examineAll = async (
  { env, stdout }: Shell,
  options: DoctorOptions,
  stopping: AbortSignal,
): Promise<readonly Finding[]> => {
  const state = stateDirectory(env);
  const before = readClock();
  const found = await Promise.all([
    nodeFindings(process.versions.node),
    examineConfig(env, options, stopping),
    examineTerminal({ env, size: terminalSize(stdout) }),
    examineTimeServer(),
    examineState(state),
    examineDisk(state),
    examineJournal(state),
    examineAgent({ env, stateDirectory: state, version, stopping }),
  ]);
  const all = [...found.flat(), ...examineJump(before, readClock())];
  return all.toSorted((a, b) => EXAMINED.indexOf(a.about) - EXAMINED.indexOf(b.about));
};

const readClock = () => ({ nowMs: Date.now(), elapsedMs: performance.now() });

const terminalSize = (stdout: Output) => {
  const { isTTY = false, columns = 0, rows = 0 } = stdout as Partial<WriteStream>;
  return isTTY ? { columns, rows } : null;
};

const nodeFindings = (its: string): readonly Finding[] =>
  Number(its.split('.')[0]) >= NEEDED_NODE
    ? [fine('node', `Node ${its}`)]
    : [failure('node', `Node ${NEEDED_NODE} or later is needed, this is ${its}`, 'install a newer Node')];

const examineConfig = async (
  env: Shell['env'],
  options: DoctorOptions,
  stopping: AbortSignal,
): Promise<readonly Finding[]> => {
  const directory = configDirectory(options.config, env);
  if (!existsSync(directory))
    return [failure('configuration', `there is no directory ${directory}`, `warroom init --dir ${directory}`)];
  try {
    const config = await loadConfig({ directory, defaultsDirectory: shippedConfig(), env });
    const found = await Promise.all([
      [fine('configuration', `the configuration in ${directory} can be read: ${counted(config.watches.length)}`)],
      missingSteps(config, env),
      examineDoors(config.server, stateDirectory(env)),
      ...outsideLooks(config, stopping),
    ]);
    return found.flat();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const [first = '', ...problems] = error.message.split('\n').map((line) => line.trim());
    return (problems.length === 0 ? [first] : problems).map((problem) =>
      failure('configuration', problem, error.nextStep),
    );
  }
};

/** Each within its own few seconds, all at the same time. */
const outsideLooks = (config: Config, stopping: AbortSignal): readonly Promise<readonly Finding[]>[] => {
  const asking = { clock: systemClock(), stopping };
  return [
    examinePrometheus(config.watches, asking),
    examineScrapes(config.watches, asking),
    examineChecks(config.watches, asking),
    examineMail(config.smtp),
    examineTlsKey(config.server.tls),
    Promise.resolve(examineSlack(config)),
  ];
};

const counted = (services: number): string => `${services} service${services === 1 ? '' : 's'}`;

const sumOf = (findings: readonly Finding[]): string => {
  const count = (state: Finding['state']): number => findings.filter((finding) => finding.state === state).length;
  return `${count('ok')} ok, ${count('warn')} to know about, ${count('fail')} failed`;
};
