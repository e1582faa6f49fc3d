// Owns the limit of a broadcast: a bare server of ws that encodes each message once and sends it to everybody.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { obeyOrders } from '../announcing.ts';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('listening', () => {
  process.stdout.write(`${JSON.stringify({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
await obeyOrders((message) => {
  const frame = Buffer.from(JSON.stringify(message));
  for (const socket of server.clients) socket.send(frame, { binary: false });
});
process.exit(0);
