// Owns the limit of fan-out: a server that sends what it is sent to everybody, and does nothing else.
// A message that begins with `d` is first made durable in the file that the argument names.
import { open } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: broadcast-server.ts FILE');
const file = await open(path, 'a', 0o600);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const DURABLE = 'd'.charCodeAt(0);

const broadcast = (frame: Buffer): void => {
  for (const socket of server.clients) socket.send(frame, { binary: false });
};

const makeDurable = async (frame: Buffer): Promise<void> => {
  await file.write(frame);
  await file.datasync();
};

server.on('connection', (socket) => {
  socket.on('message', (raw) => {
    const frame = raw as Buffer;
    if (frame[0] === DURABLE) void makeDurable(frame).then(() => broadcast(frame));
    else broadcast(frame);
  });
});
server.on('listening', () => {
  process.stdout.write(`${JSON.stringify({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
