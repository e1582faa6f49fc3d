// Owns what a broken or hostile client may send: valid messages with something wrong, and frames that are none.
import { deflateRawSync } from 'node:zlib';
import type { Chance } from './seeded.ts';

export interface Broken {
  readonly what: string;
  /** As it goes over the stream, below what a WebSocket library would send. */
  readonly bytes: readonly Buffer[];
}

const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78]);

/** One frame of a client, as RFC 6455 draws it. */
const frame = (
  payload: Buffer,
  {
    opcode = 1,
    fin = true,
    rsv = 0,
    masked = true,
  }: { opcode?: number; fin?: boolean; rsv?: number; masked?: boolean } = {},
): Buffer => {
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  const { length } = payload;
  const size =
    length < 126
      ? Buffer.from([bit | length])
      : length < 65_536
        ? Buffer.from([bit | 126, length >> 8, length & 0xff])
        : Buffer.from([
            bit | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 0xff,
            (length >> 8) & 0xff,
            length & 0xff,
          ]);
  const body = masked ? Buffer.from(payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0))) : payload;
  return Buffer.concat([Buffer.from([first]), size, ...(masked ? [MASK] : []), body]);
};

const text = (content: string | Buffer): Buffer => frame(Buffer.from(content as string));
const json = (value: unknown): Buffer => text(JSON.stringify(value));

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  0.1,
  '',
  '\u0000',
  '\u202e\u001b]52;c;aGk=\u0007',
  'x'.repeat(5_000),
  [],
  [[[]]],
  {},
  { toString: 1 },
  '__proto__',
  'constructor',
];

type Mutation = (chance: Chance, message: Record<string, unknown>) => Broken['bytes'];

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

const pathsOf = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
    : [path];

const replaced = (value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown => {
  if (key === undefined) return by;
  const record = value as Record<string, unknown>;
  return Array.isArray(value)
    ? value.map((one, index) => (String(index) === key ? replaced(one, rest, by) : one))
    : { ...record, [key]: replaced(record[key], rest, by) };
};

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bits flipped': (chance, message) => {
    const raw = Buffer.from(JSON.stringify(message));
    for (let flips = 1 + chance.below(6); flips > 0; flips--) {
      const at = chance.below(raw.length);
      raw[at] = (raw[at] ?? 0) ^ (1 << chance.below(8));
    }
    return [text(raw)];
  },
  'cut short': (chance, message) => {
    const raw = JSON.stringify(message);
    return [text(raw.slice(0, chance.below(raw.length)))];
  },
  'another type': (chance, message) => {
    const path = chance.of(pathsOf(message));
    return [json(replaced(message, path, chance.of(ODD_VALUES)))];
  },
  'a field less': (chance, message) => {
    const { [chance.of(Object.keys(message))]: _gone, ...rest } = message;
    return [json(rest)];
  },
  'a field more': (chance, message) => [
    json({ ...message, [JSON.stringify(chance.of(ODD_VALUES))]: chance.of(ODD_VALUES) }),
  ],
  'a key twice': (chance, message) => {
    const raw = JSON.stringify(message);
    const key = chance.of(Object.keys(message));
    return [text(`${raw.slice(0, -1)},${JSON.stringify(key)}:${JSON.stringify(chance.of(ODD_VALUES))}}`)];
  },
  __proto__: (chance, message) => {
    const name = chance.of(['__proto__', 'constructor', 'prototype']);
    return [text(JSON.stringify(message).replace('{', `{${JSON.stringify(name)}:{"isAdmin":true,"type":"hello"},`))];
  },
  'nested deep': (chance, message) => {
    const deep = chance.is(0.5) ? nested(20_000, '[', ']') : nested(8_000, '{"a":', '}').replace('}', '0}');
    return [text(`{"type":${JSON.stringify(message.type)},"id":"fuzz-deep-1","command":${deep}}`)];
  },
  'a huge number': (chance, message) => [
    text(JSON.stringify(message).replace(/\d+|null/, chance.of(['1e999', '-1e999', '9'.repeat(4_000), '0x10', 'NaN']))),
  ],
  'not UTF-8': (_chance, message) => {
    const raw = Buffer.from(JSON.stringify(message));
    return [frame(Buffer.concat([raw.subarray(0, 5), Buffer.from([0xc3, 0x28, 0xff]), raw.subarray(5)]))];
  },
  binary: (_chance, message) => [frame(Buffer.from(JSON.stringify(message)), { opcode: 2 })],
  'too large': (_chance, message) => [json({ ...message, padding: 'x'.repeat(70_000) })],
  'too large in pieces': (_chance, _message) => [
    frame(Buffer.alloc(40_000, 0x20), { fin: false }),
    frame(Buffer.alloc(40_000, 0x20), { opcode: 0 }),
  ],
  compressed: (_chance, message) => [frame(deflateRawSync(JSON.stringify(message)), { rsv: 4 })],
  'a bomb': () => [frame(deflateRawSync(Buffer.alloc(8 * 1024 * 1024)), { rsv: 4 })],
  'reserved bits': (chance, message) => [frame(Buffer.from(JSON.stringify(message)), { rsv: 1 + chance.below(3) })],
  'an opcode that there is not': (chance, message) => [
    frame(Buffer.from(JSON.stringify(message)), { opcode: chance.of([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }),
  ],
  'not masked': (_chance, message) => [frame(Buffer.from(JSON.stringify(message)), { masked: false })],
  'a piece of nothing': (_chance, message) => [frame(Buffer.from(JSON.stringify(message)), { opcode: 0 })],
  'a piece without an end': (_chance, message) => [
    frame(Buffer.from(JSON.stringify(message)), { fin: false }),
    json(message),
  ],
  'a length that lies': () => [Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  'a ping of 200 bytes': () => [frame(Buffer.alloc(200), { opcode: 9 })],
  'a close with an odd code': (chance) => [
    frame(Buffer.from(chance.of([[0x00], [0x00, 0x00], [0x03, 0xed], [0xff, 0xff, 0xc3, 0x28]])), { opcode: 8 }),
  ],
  'two messages in one': (_chance, message) => [text(JSON.stringify(message) + JSON.stringify(message))],
  'nothing at all': () => [text('')],
  'a storm of pings': () => Array.from({ length: 300 }, () => frame(Buffer.alloc(100), { opcode: 9 })),
  'a storm of messages': (_chance, message) => Array.from({ length: 120 }, () => json(message)),
  noise: (chance) => [randomLike(chance, 1 + chance.below(2_000))],
  'hello again': () => [
    json({ type: 'hello', protocol: 3, token: 't', name: 'n', since: null, log: null, mark: null, now: 0 }),
  ],
};

export const KINDS = Object.keys(MUTATIONS);

// Not `randomBytes`, so that a seed gives the same noise again.
const randomLike = (chance: Chance, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => chance.below(256)));

/** Something broken, made of a valid message; now and then in pieces of the stream, as slow networks deliver them. */
export const broken = (chance: Chance, message: Record<string, unknown>, kind = chance.of(KINDS)): Broken => {
  const whole = (MUTATIONS[kind] as Mutation)(chance, message);
  if (!chance.is(0.3)) return { what: kind, bytes: whole };
  const all = Buffer.concat(whole);
  const at = chance.below(all.length + 1);
  return { what: `${kind}, split`, bytes: [all.subarray(0, at), all.subarray(at)] };
};
