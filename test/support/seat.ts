// Owns a seat at a terminal without a terminal: keys in, the state of the screen and what it asks for out.
import type { PersonCommandInput } from '../../src/incident/commands.ts';
import type { Question } from '../../src/protocol/questions.ts';
import type { Dialog } from '../../src/tui/dialog.ts';
import { frame } from '../../src/tui/frame.ts';
import type { Key, NamedKey } from '../../src/tui/keys.ts';
import { plainText, type Size } from '../../src/tui/row.ts';
import { initialUi, type Ui } from '../../src/tui/ui.ts';
import { evolveUi, type UiEvent } from '../../src/tui/ui-state.ts';
import type { FakeRoom } from './fake-room-client.ts';

export const named = (name: NamedKey): Key => ({ name });
export const chunk = (text: string): Key => ({ name: 'chunk', text });
export const paste = (text: string): Key => ({ name: 'paste', text });

const WINDOW: Size = { columns: 80, rows: 24 };

/** A string is one character, as one read. */
export const seatIn = (room: FakeRoom, size: Size = WINDOW) => {
  let ui: Ui = initialUi;
  let localMs = 10_000;
  const asked: PersonCommandInput[] = [];
  const effects: string[] = [];
  const questions: Question[] = [];
  const pane = () => frame({ view: room.view(), ui, now: room.now() }, size);
  const happen = (event: UiEvent): void => {
    const { maxScroll, page } = pane();
    const step = evolveUi(ui, event, { view: room.view(), now: room.now(), localMs, maxScroll, page });
    ui = step.ui;
    for (const effect of step.effects) {
      effects.push(effect.type);
      if (effect.type === 'send') asked.push(effect.command);
      if (effect.type === 'ask') questions.push(effect.question);
    }
  };
  happen({ type: 'view-changed' });
  return {
    ui: () => ui,
    asked,
    effects,
    /** What was asked of the archive. */
    questions,
    /** Has the archive answer what was asked last, or fail with these words. */
    archiveAnswers: async (problem: string | null = null): Promise<void> => {
      const question = questions.at(-1);
      if (question === undefined) throw new Error('the archive was not asked');
      const answer = problem === null ? await room.ask(question) : null;
      happen({ type: 'archive-answered', question, answer, problem });
    },
    press: (...keys: readonly (Key | string)[]): void => {
      for (const key of keys)
        happen({ type: 'key', key: typeof key === 'string' ? { name: 'character', character: key } : key });
    },
    /** Each character on its own, as a person types. */
    types: (text: string): void => {
      for (const character of text) happen({ type: 'key', key: { name: 'character', character } });
    },
    passes: (ms: number): void => {
      localMs += ms;
    },
    /** Sees what happened in the room since. */
    looks: (): void => {
      room.changed();
      happen({ type: 'view-changed' });
    },
    /** Has the room answer what was asked last. */
    answers: async (): Promise<void> => {
      const command = asked.at(-1);
      if (command === undefined) throw new Error('nothing was asked');
      const result = await room.send(command);
      happen({ type: 'view-changed' });
      happen({ type: 'answered', command, result });
    },
    /** What lies over the room, as one word; `room` where nothing does. */
    where: (): string => nameOf(ui.dialog),
    notice: (): string => ui.notice?.text ?? '',
    text: (): string =>
      pane()
        .rows.map((row) => plainText(row).trimEnd())
        .join('\n'),
    marked: (): string =>
      pane()
        .rows.filter((row) => row.some(({ style }) => style === 'selected'))
        .map((row) => plainText(row).trim())
        .join('\n'),
  };
};

const nameOf = (dialog: Dialog | null): string =>
  dialog === null ? 'room' : dialog.name === 'screen' ? dialog.screen : dialog.name;

export type Seat = ReturnType<typeof seatIn>;
