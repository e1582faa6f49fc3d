// Owns an outside world that gives secrets away: servers that fail and repeat whatever they were sent, and ears on the wire and the process list.
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, connect as dial } from 'node:net';
import { onTestFinished } from 'vitest';
import { type LoopbackServer, loopbackServer, type SeenRequest } from '../agent/drivers/loopback-server.ts';
import { until } from './until.ts';

export const packed = (text: string): string => Buffer.from(text).toString('base64');

/** Everything it was sent, in every shape. */
export const repeated = ({ path, headers, body }: SeenRequest): string => {
  const all = [path, ...Object.values(headers), body].map(String);
  const logins = all.flatMap((one) =>
    one.startsWith('Basic ') ? [Buffer.from(one.slice(6), 'base64').toString()] : [],
  );
  const said = [...all, ...logins];
  return [said, said.map(encodeURIComponent), said.map((one) => JSON.stringify(one)), said.map(packed)]
    .flat()
    .join(' ');
};

/** Fails in another way each time. */
export const mirror = async (): Promise<LoopbackServer> => {
  let count = 0;
  const server = await loopbackServer((request, response) => {
    count += 1;
    const said = repeated(request);
    switch (count % 8) {
      case 0:
        return response.writeHead(401, { 'www-authenticate': 'Basic' }).end(said);
      case 1:
        return response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: said }));
      case 2:
        return response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`{"status":"error","errorType":"x","error":${JSON.stringify(said)}}`);
      case 3:
        return response.writeHead(200).end(said);
      case 4:
        return void setTimeout(() => response.destroy(), 1_500);
      case 5:
        return response.writeHead(302, { location: `/${encodeURIComponent(said)}` }).end();
      case 6:
        return response.writeHead(429, { 'retry-after': '1' }).end(said);
      default:
        return response.destroy();
    }
  });
  onTestFinished(() => server.close());
  return server;
};

/** A mail server that says of each line what it was, unpacked too. */
export const repeatingMailServer = async (): Promise<number> => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 mail\r\n');
    socket.on('data', (bytes) => {
      const line = bytes.toString().trim();
      if (/^EHLO/i.test(line)) return socket.write('250-mail\r\n250 AUTH PLAIN LOGIN\r\n');
      const unpacked = Buffer.from(line.split(' ').at(-1) ?? '', 'base64')
        .toString()
        .replaceAll('\0', ' ');
      return socket.write(`535 5.7.8 not with ${line} that is ${unpacked} or ${encodeURIComponent(unpacked)}\r\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await until('the mail server', () => server.listening);
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
};

/** Stands between the clients and the agent, and keeps what the agent says. */
export const listeningIn = async (to: { readonly host: string; readonly port: number }) => {
  const heard: Buffer[] = [];
  const server = createServer((client) => {
    const agent = dial(to);
    client.pipe(agent);
    agent.on('data', (bytes) => heard.push(bytes));
    agent.pipe(client);
    for (const [one, other] of [
      [client, agent],
      [agent, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await until('the wire', () => server.listening);
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard: () => Buffer.concat(heard).toString() };
};

/** The arguments of every process of this machine, again and again. */
export const watchProcesses = (): (() => string) => {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, 50);
  onTestFinished(() => clearInterval(timer));
  return () => [...seen].join('\n');
};
