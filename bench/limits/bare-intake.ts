// Owns the limit of taking alerts in: a server that reads a body, parses its JSON, makes it durable as one line, and answers.
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: bare-intake.ts FILE');
const file = await open(path, 'a', 0o600);

const take = async (request: IncomingMessage): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  JSON.parse(body.toString());
  await file.write(Buffer.concat([body, Buffer.from('\n')]));
  await file.datasync();
};

const server = createServer((request, response) => {
  void take(request).then(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}\n'));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
