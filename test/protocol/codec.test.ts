import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAgentMessage, decodeClientMessage, encode } from '../../src/protocol/codec.ts';

const note = {
  type: 'command',
  id: '01234567',
  command: { type: 'add-note', incident: 'INC-2026-0001', text: 'hi' },
} as const;

describe('the codec', () => {
  it('gives back what was sent', () => {
    expect(decodeClientMessage(encode(note))).toEqual({ ok: true, message: note });
    const alive = { type: 'alive', now: 7, writable: true, held: 0 } as const;
    expect(decodeAgentMessage(encode(alive))).toEqual({ ok: true, message: alive });
  });

  it('makes text safe on the way in', () => {
    const hostile = { ...note, command: { ...note.command, text: 'a\u001b]52;c;aGk=\u0007\u202eb\r\nc' } };
    expect(decodeClientMessage(encode(hostile))).toMatchObject({ message: { command: { text: 'ab c' } } });
  });

  it.each([
    ['not JSON', '{', 'not JSON'],
    ['null', 'null', 'message: invalid_type'],
    ['an unknown type', '{"type":"x"}', 'type: invalid_union'],
    ['a short id', JSON.stringify({ ...note, id: '1' }), 'id: invalid_format'],
    [
      'a missing field',
      JSON.stringify({ ...note, command: { type: 'add-note', text: 'x' } }),
      'command.incident: invalid_type',
    ],
    ['__proto__', '{"__proto__":{"type":"hello"}}', 'type: invalid_union'],
  ])('says in words what is wrong with %s, and repeats nothing of it', (_what, raw, problem) => {
    expect(decodeClientMessage(raw)).toEqual({ ok: false, problem });
  });

  it('throws for nothing that can be sent', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (raw) => typeof decodeClientMessage(raw).ok === 'boolean'));
  });
});
