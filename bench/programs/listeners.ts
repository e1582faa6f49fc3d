// Owns a crowd of listeners in a process of its own: WebSockets read by hand from bare sockets, so that they are not what is measured.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { SENT_AT, sharedNowMs } from '../announcing.ts';
import { hello } from '../wire.ts';

/** An order to hear: so many events in all, since the order before. */
export interface Hearing {
  readonly events: number;
}

export interface Heard {
  /** From when it left until it was here, for each event at each listener. */
  readonly deliveryMs: readonly number[];
  readonly lastAtMs: number;
}

const [url, count, greeting] = process.argv.slice(2);
if (url === undefined || count === undefined) throw new Error('usage: listeners.ts URL COUNT [hello]');

const PING = 0x9;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const MARK = Buffer.from(SENT_AT.before);

let deliveryMs: number[] = [];
let lastAtMs = 0;
let heard = (): void => {};

const hear = (payload: Buffer): void => {
  const at = payload.indexOf(MARK);
  if (at < 0) return;
  const from = at + MARK.length;
  lastAtMs = sharedNowMs();
  deliveryMs.push(lastAtMs - Number(payload.toString('latin1', from, from + SENT_AT.digits)));
  heard();
};

/** A text frame under 64 KiB, masked by zeros: as it is. */
const masked = (text: string): Buffer => {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
};

/** Reads the frames of a server, which are never masked; returns what is left of one that is not whole yet. */
const readFrames = (socket: Socket, bytes: Buffer): Buffer => {
  let from = 0;
  for (;;) {
    const short = (bytes[from + 1] ?? 0) & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < from + head) break;
    const length =
      short === 126 ? bytes.readUInt16BE(from + 2) : short === 127 ? Number(bytes.readBigUInt64BE(from + 2)) : short;
    if (bytes.length < from + head + length) break;
    if (((bytes[from] ?? 0) & 0x0f) === PING) socket.write(PONG);
    else hear(bytes.subarray(from + head, from + head + length));
    from += head + length;
  }
  return bytes.subarray(from);
};

const { hostname, port, pathname } = new URL(url);

/** Resolves once the listener is in, and was greeted where it says hello. */
const listen = async (listener: number): Promise<void> => {
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(
    [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '\r\n',
    ].join('\r\n'),
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (!answer.toString().startsWith('HTTP/1.1 101')) throw new Error(`not let in: ${answer}`);
  // A server that waits for a hello says nothing before, and the other one nothing before it has an order.
  let left: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    left = readFrames(socket, left.length === 0 ? chunk : Buffer.concat([left, chunk]));
  });
  if (greeting !== 'hello') return;
  socket.write(masked(hello('bench')(listener)));
  await once(socket, 'data');
};

for (let listener = 0; listener < Number(count); listener++) await listen(listener);
process.stdout.write('{}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { events } = JSON.parse(line) as Hearing;
  const wanted = events * Number(count);
  await new Promise<void>((resolve) => {
    heard = () => deliveryMs.length >= wanted && resolve();
    heard();
  });
  process.stdout.write(`${JSON.stringify({ deliveryMs, lastAtMs } satisfies Heard)}\n`);
  deliveryMs = [];
}
process.exit(0);
