// Owns the proof of the tutorial: the document itself is read and played, step by step, in a real terminal and a shell.
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DEAD_TIME_MS } from '../../src/tui/dialog.ts';
import { framed, KEYS, type Terminal } from '../support/pty.ts';
import { at, isIn, type Press, type Seen, type Step, tutorialSteps } from '../support/tutorial-steps.ts';
import { until } from '../support/until.ts';
import { type Background, type Finished, openScene, type Scene } from './scene.ts';

/** What comes by itself takes its time; what follows a key does not. */
const BY_ITSELF_WITHIN_MS = 60_000;
const AFTER_A_KEY_WITHIN_MS = 15_000;
/** Commands that only look: who reads them too early reads them again. */
const LOOKS = ['status', 'timeline', 'ledger'];

interface Stage {
  readonly scene: Scene;
  terminal: Terminal | null;
  background: Background | null;
}

it('is played from its first line to its last', { timeout: 240_000 }, async () => {
  const markdown = await readFile(new URL('../../docs/tutorial.md', import.meta.url), 'utf8');
  const stage: Stage = { scene: await openScene(), terminal: null, background: null };
  for (const step of tutorialSteps(markdown)) await play(step, stage);
  expect(stage.background).toBeNull();
  expect(await stage.terminal?.exit).toEqual({ code: 0, signal: 0 });
  expect(await stage.scene.shopPid()).toBeNull();
});

const play = (step: Step, stage: Stage): Promise<void> => {
  switch (step.kind) {
    case 'open':
      stage.terminal = stage.scene.terminal({ name: 'newcomer', columns: 80, rows: 24, args: step.args });
      return Promise.resolve();
    case 'room':
      return inRoom(step, stage);
    case 'command':
      return step.inBackground ? startedIn(stage, step) : ranIn(stage, step);
    case 'end':
      return endedIn(stage, step.line);
    default:
      return step satisfies never;
  }
};

const inRoom = async ({ line, press, sees }: Extract<Step, { kind: 'room' }>, { terminal }: Stage): Promise<void> => {
  if (terminal === null) throw at(line, 'no room is open yet');
  if (press !== null) await pressed(terminal, press);
  const withinMs = press === null ? BY_ITSELF_WITHIN_MS : AFTER_A_KEY_WITHIN_MS;
  await terminal
    .waitFor((screen) => isIn(sees, screen), withinMs)
    .catch(() => {
      throw at(line, `not seen: ${sees.text}\n${framed(terminal.screen())}`);
    });
  expect(terminal.outgrown(), framed(terminal.screen())).toEqual([]);
};

const pressed = async (terminal: Terminal, press: Press): Promise<void> => {
  if (press.kind === 'text') return terminal.press(press.text);
  // The document says so too: what confirms means nothing before this time has passed.
  if (press.key === 'y') await pause(DEAD_TIME_MS + 150);
  terminal.press(press.key === 'Enter' ? KEYS.enter : press.key);
};

type Command = Extract<Step, { kind: 'command' }>;

const startedIn = async (stage: Stage, { args, line, says }: Command): Promise<void> => {
  const background = await stage.scene.start(args, says[0]?.text.split('…')[0] ?? '').catch((error: unknown) => {
    throw at(line, String(error));
  });
  stage.background = background;
  const lines = (): readonly string[] => background.output().split('\n');
  for (const said of says) await seen(said, lines);
};

const ranIn = async ({ scene }: Stage, { args, line, says }: Command): Promise<void> => {
  const isLook = LOOKS.includes(args[0] ?? '');
  const run = async (): Promise<Finished> => scene.run(args);
  const isAsSaid = ({ code, stdout }: Finished): boolean =>
    code === 0 && says.every((said) => isIn(said, stdout.split('\n')));
  let last = await run();
  const giveUpAtMs = performance.now() + BY_ITSELF_WITHIN_MS;
  while (isLook && !isAsSaid(last) && performance.now() < giveUpAtMs) last = await run();
  if (last.code !== 0) throw at(line, `ended with ${last.code}: ${last.stderr}${last.stdout}`);
  for (const said of says) {
    if (!isIn(said, last.stdout.split('\n'))) throw at(said.line, `not said: ${said.text}\n${last.stdout}`);
  }
};

const seen = async (said: Seen, lines: () => readonly string[]): Promise<void> => {
  await until(said.text, () => isIn(said, lines()), AFTER_A_KEY_WITHIN_MS).catch(() => {
    throw at(said.line, `not said: ${said.text}\n${lines().join('\n')}`);
  });
};

const endedIn = async (stage: Stage, line: number): Promise<void> => {
  if (stage.background === null) throw at(line, 'nothing runs in the background');
  await stage.background.kill('SIGTERM');
  stage.background = null;
};
