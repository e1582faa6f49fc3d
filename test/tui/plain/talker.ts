// Owns a person who types in plain mode, without streams: one line in, what is said and sent out; and an agent that plans and applies.
import { personCommandSchema } from '../../../src/incident/commands.ts';
import { answered } from '../../../src/tui/plain/answered.ts';
import { hears } from '../../../src/tui/plain/hear.ts';
import { type Memory, noMemory, type Situation, type Turn } from '../../../src/tui/plain/talk.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import { plan } from '../../support/room.ts';

export interface Talker {
  /** Types a line by itself; resolves with what was said, one line each. */
  types(text: string): Promise<string>;
  /** The same line as part of a paste, or typed ahead. */
  pastes(text: string): Promise<string>;
  /** This machine's own clock goes on. */
  passes(ms: number): void;
  memory(): Memory;
  hasQuit(): boolean;
}

export const talker = (room: FakeRoom): Talker => {
  let memory: Memory = noMemory;
  let nowMs = 10_000;
  let hasQuit = false;
  const situation = (): Situation => ({ view: room.view(), now: room.now(), localMs: nowMs });

  const send = async (command: Extract<Turn['effect'], { type: 'send' }>['command']): Promise<Turn> => {
    personCommandSchema.parse(command);
    const result = await room.send(command);
    if (result.ok && result.subject !== null) {
      if (command.type === 'contain' || command.type === 'undo')
        room.story.agentDoes({ type: 'record-plan', action: result.subject, plan });
      if (command.type === 'confirm') {
        room.story.agentDoes({ type: 'start-action', action: result.subject });
        room.story.agentDoes({ type: 'record-applied', action: result.subject, errorRatio: 0.41 });
      }
      room.changed();
    }
    return answered(memory, command, { result, situation: situation() });
  };

  const hear = async (text: string, isAlone: boolean): Promise<string> => {
    const turn = hears(memory, { text, atMs: nowMs, isAlone }, situation());
    memory = turn.memory;
    if (turn.effect?.type === 'quit') hasQuit = true;
    if (turn.effect?.type !== 'send') return turn.lines.join('\n');
    const after = await send(turn.effect.command);
    memory = after.memory;
    return [...turn.lines, ...after.lines].join('\n');
  };

  return {
    types: (text) => hear(text, true),
    pastes: (text) => hear(text, false),
    passes: (ms) => {
      nowMs += ms;
    },
    memory: () => memory,
    hasQuit: () => hasQuit,
  };
};
