// Owns the room as lines: news out, typed words in, one after the other; never an escape sequence, a repaint or a spinner.
import type { RoomClient } from '../../client/room-client.ts';
import { untilView } from '../../client/until-view.ts';
import { type PersonCommandInput, personCommandSchema } from '../../incident/commands.ts';
import type { GlyphSet } from '../glyphs.ts';
import { type Leaving, leavingWords } from '../leaving.ts';
import { findAction } from '../select.ts';
import { aborted } from '../told-to-leave.ts';
import { answered, notReached } from './answered.ts';
import { hears } from './hear.ts';
import { newsFeed } from './news-feed.ts';
import { type Memory, noMemory, type Situation, says, type Turn } from './talk.ts';
import { createTeller, type Output } from './teller.ts';
import { type TypedLine, typedLines } from './typed-lines.ts';

export interface PlainRoomOptions {
  readonly client: RoomClient;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly glyphs: GlyphSet;
  /** Leaves in the person's place once it is aborted. */
  readonly leave: AbortSignal;
  /** A steady clock of this machine, milliseconds. */
  readonly localNow: () => number;
  readonly leaving?: Leaving;
}

/** `refused`: the agent will not have us, and trying again is no use. */
export type PlainEnd = 'left' | 'refused';

/** What is typed waits so long for the first sight of the room. */
const FIRST_SIGHT_WITHIN_MS = 5_000;
const SEEN_WITHIN_MS = 5_000;
/** The agent gives a plan 15 s. */
const PLANNED_WITHIN_MS = 20_000;

/** Tells and listens until the person quits or `leave` is aborted; goes on telling after the input has ended. The client stays open. */
export const runPlainRoom = async (options: PlainRoomOptions): Promise<PlainEnd> => {
  const { client, stdin, stdout, glyphs, leave, localNow, leaving = 'agent-goes-on' } = options;
  const tell = createTeller(stdout, glyphs);
  const feed = newsFeed({ client, tell, localNow });
  const quit = Promise.withResolvers<'left'>();
  const refused = Promise.withResolvers<'refused'>();
  void feed.joined.then((how) => (how === 'refused' ? refused.resolve(how) : client.looking('plain', null)));
  const talk = talking({ client, tell, localNow, leave, flush: feed.flush, quit: () => quit.resolve('left') });
  const typed = typedLines(stdin, localNow, {
    line: async (line) => {
      if (line.text.trim() !== 'quit') await Promise.race([feed.joined, pause(FIRST_SIGHT_WITHIN_MS, leave)]);
      if (!leave.aborted) await talk(line);
    },
    ended: () => {
      if (stdin.isTTY === true) tell(['the input has ended: only telling from here on; Ctrl-C leaves']);
    },
  });
  const end = await Promise.race([quit.promise, refused.promise, aborted(leave).then(() => 'left' as const)]);
  typed.stop();
  feed.flush();
  feed.stop();
  if (end === 'left') tell([leavingWords[leaving].summary]);
  return end;
};

interface Talking extends Pick<PlainRoomOptions, 'client' | 'leave' | 'localNow'> {
  readonly tell: (lines: readonly string[]) => void;
  readonly flush: () => void;
  readonly quit: () => void;
}

/** Hears one line to its end: until the agent has answered, and what it did has been told. */
const talking = ({ client, leave, localNow, tell, flush, quit }: Talking): ((line: TypedLine) => Promise<void>) => {
  let memory: Memory = noMemory;
  const situation = (): Situation => ({ view: client.view(), now: client.now(), localMs: localNow() });

  const take = (turn: Turn): Turn['effect'] => {
    if (turn.memory.incident !== memory.incident) client.looking('plain', turn.memory.incident);
    memory = turn.memory;
    tell(turn.lines);
    return turn.effect;
  };

  const seen = async (command: PersonCommandInput, { seq, subject }: { seq: number; subject: string | null }) => {
    await untilView(client, (view) => (view.seq >= seq ? true : null), { withinMs: SEEN_WITHIN_MS, signal: leave });
    if (command.type !== 'contain' && command.type !== 'undo') return;
    const isPlanned = (view: Situation['view']): true | null => {
      const state = findAction(view.room, subject ?? '')?.state.name;
      return state !== undefined && state !== 'requested' ? true : null;
    };
    await untilView(client, isPlanned, { withinMs: PLANNED_WITHIN_MS, signal: leave });
  };

  const send = async (command: PersonCommandInput): Promise<Turn> => {
    const parsed = personCommandSchema.safeParse(command);
    if (!parsed.success) return says(memory, `not sent: ${parsed.error.issues[0]?.message ?? 'not understood'}`);
    try {
      const result = await client.send(parsed.data);
      if (result.ok) await seen(command, result);
      flush();
      return answered(memory, command, { result, situation: situation() });
    } catch (failure) {
      return notReached(memory, failure instanceof Error ? failure.message : 'unknown failure');
    }
  };

  return async (line) => {
    flush();
    const effect = take(hears(memory, line, situation()));
    if (effect?.type === 'quit') quit();
    if (effect?.type === 'send') take(await send(effect.command));
  };
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
