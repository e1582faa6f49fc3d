// Owns one terminal's life between keys, news and time: what it shows now, as painted rows. Knows no Ink.
import type { RoomClient, RoomView } from '../client/room-client.ts';
import type { PersonCommandInput } from '../incident/commands.ts';
import { silenceState } from '../incident/silences.ts';
import { isOpen, type Silence } from '../incident/state.ts';
import { toTimestamp } from '../incident/time.ts';
import type { Question } from '../protocol/questions.ts';
import { frame, isTooSmall } from './frame.ts';
import type { Key } from './keys.ts';
import type { Leaving } from './leaving.ts';
import { framePainter, type Paint } from './paint.ts';
import { presencePlace } from './presence-place.ts';
import type { Size } from './row.ts';
import { unclosedIncidents } from './select.ts';
import { type Effect, incidentOf, initialUi, type Situation, type Ui } from './ui.ts';
import { evolveUi, type UiEvent } from './ui-state.ts';

export interface SessionOptions {
  readonly client: RoomClient;
  readonly paint: Paint;
  readonly size: Size;
  /** A steady clock of this machine, milliseconds. */
  readonly localNow: () => number;
  readonly leaving?: Leaving;
}

export interface Session {
  /** The painted rows; the same array while nothing changed. */
  rows(): readonly string[];
  subscribe(listener: () => void): () => void;
  press(key: Key): void;
  resize(size: Size): void;
  size(): Size;
  /** Empties the screen for a moment, or fills it again. */
  setBlank(isBlank: boolean): void;
  onRepaint(repaint: () => void): void;
  /** Offers what moved by itself, a clock or a number: whoever takes it draws it, and no subscriber is told. */
  onMoved(take: (before: readonly string[], after: readonly string[]) => boolean): void;
  shownIncident(): ReturnType<typeof incidentOf>;
  /** Resolves when the person leaves. */
  readonly left: Promise<void>;
  stop(): void;
}

/** Numbers that move by themselves are drawn at most this often; keys and events at once. */
const SIGNALS_EVERY_MS = 220;
/** Events come in bursts: one frame holds what came within a thirtieth of a second. */
const EVENTS_EVERY_MS = 33;
const TICK_MS = 1_000;

export const createSession = (options: SessionOptions): Session => {
  const { client, paint, size: firstSize, localNow, leaving: ends = 'agent-goes-on' } = options;
  const painter = framePainter(paint);
  const listeners = new Set<() => void>();
  const leaving = Promise.withResolvers<void>();
  let ui: Ui = { ...initialUi, ends };
  let size = firstSize;
  let isBlank = false;
  let painted: readonly string[] = [];
  let extent = { maxScroll: 0, page: 1 };
  let view = client.view();
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  let repaint: () => void = () => {};
  let takeMoved: (before: readonly string[], after: readonly string[]) => boolean = () => false;
  let soon: { readonly timer: NodeJS.Timeout; readonly atMs: number } | null = null;
  let tick: NodeJS.Timeout | null = null;

  const situation = (): Situation => ({ view, now: client.now(), localMs: localNow(), ...extent });

  const draw = (isByItself = false): void => {
    if (soon !== null) clearTimeout(soon.timer);
    soon = null;
    drawnAtMs = localNow();
    const pane = frame({ view, ui, now: client.now() }, size);
    extent = { maxScroll: pane.maxScroll, page: pane.page };
    client.looking(presencePlace(ui.dialog), incidentOf(ui, { view })?.id ?? null);
    const next = isBlank ? pane.rows.map(() => '') : painter(pane.rows, size.columns);
    scheduleTick();
    if (next.length === painted.length && next.every((row, index) => row === painted[index])) return;
    const before = painted;
    painted = next;
    if (isByItself && takeMoved(before, next)) return;
    for (const listener of listeners) listener();
  };

  const drawWithin = (everyMs: number, isByItself = false): void => {
    const delayMs = Math.max(0, everyMs - (localNow() - drawnAtMs));
    if (soon !== null && soon.atMs <= localNow() + delayMs) return;
    if (soon !== null) clearTimeout(soon.timer);
    soon = { timer: setTimeout(draw, delayMs, isByItself), atMs: localNow() + delayMs };
  };

  // Nothing counts down, nothing ticks: a quiet room writes no byte.
  const scheduleTick = (): void => {
    if (tick !== null || !isCounting(view, ui, client.now())) return;
    tick = setTimeout(() => {
      tick = null;
      evolve({ type: 'time-passed' });
      draw(true);
    }, TICK_MS);
  };

  const evolve = (event: UiEvent): void => {
    const step = evolveUi(ui, event, situation());
    ui = step.ui;
    for (const effect of step.effects) perform(effect);
  };

  const happen = (event: UiEvent): void => {
    evolve(event);
    draw();
  };

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'send':
        ask(effect.command);
        return;
      case 'ask':
        look(effect.question);
        return;
      case 'repaint':
        repaint();
        return;
      case 'quit':
        leaving.resolve();
        return;
      default:
        effect satisfies never;
    }
  };

  const ask = (command: PersonCommandInput): void => {
    client.send(command).then(
      (result) => happen({ type: 'answered', command, result }),
      (failure: unknown) =>
        happen({ type: 'not-reached', message: failure instanceof Error ? failure.message : 'unknown failure' }),
    );
  };

  const look = (question: Question): void => {
    client.ask(question).then(
      (answer) => happen({ type: 'archive-answered', question, answer, problem: null }),
      (failure: unknown) =>
        happen({
          type: 'archive-answered',
          question,
          answer: null,
          problem: failure instanceof Error ? failure.message : 'unknown failure',
        }),
    );
  };

  const stopListening = client.subscribe(() => {
    const before = view;
    view = client.view();
    const isOnlySignals =
      view.room === before.room &&
      view.connection === before.connection &&
      view.agent === before.agent &&
      view.policy === before.policy;
    if (isOnlySignals) return drawWithin(SIGNALS_EVERY_MS, true);
    evolve({ type: 'view-changed' });
    drawWithin(EVENTS_EVERY_MS);
  });

  happen({ type: 'view-changed' });

  return {
    rows: () => painted,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    press: (key) => {
      if (!isTooSmall(size)) return happen({ type: 'key', key });
      // Nobody acts on what they cannot see: leaving is all a window this small allows.
      if (key.name === 'ctrl-c' || (key.name === 'character' && key.character === 'q')) leaving.resolve();
    },
    resize: (next) => {
      if (next.columns === size.columns && next.rows === size.rows) return;
      size = next;
      draw();
    },
    size: () => size,
    setBlank: (blank) => {
      isBlank = blank;
      draw();
    },
    onRepaint: (listener) => {
      repaint = listener;
    },
    onMoved: (take) => {
      takeMoved = take;
    },
    shownIncident: () => incidentOf(ui, { view }),
    left: leaving.promise,
    stop: () => {
      stopListening();
      if (soon !== null) clearTimeout(soon.timer);
      if (tick !== null) clearTimeout(tick);
    },
  };
};

const isCounting = (view: RoomView, ui: Ui, now: number): boolean =>
  ui.notice !== null ||
  view.connection.name !== 'live' ||
  Object.values(view.room.incidents).some(isOpen) ||
  // A resolved incident may still hold containments that expire.
  unclosedIncidents(view.room).length > 0 ||
  Object.values(view.room.silences).some((silence) => isCountingDown(silence, ui, now)) ||
  Object.values(view.signals).some((signals) => signals.checks.some((check) => check.state === 'down'));

/** Until its end everywhere; until its start only where that is shown. */
const isCountingDown = (silence: Silence, { dialog }: Ui, now: number): boolean => {
  const state = silenceState(silence, toTimestamp(now));
  return state === 'in-force' || (state === 'planned' && dialog?.name === 'screen' && dialog.screen === 'silences');
};
