// Owns a network between clients and an agent that can be cut and mended at will.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FlakyNetwork {
  readonly url: string;
  /** Where the far end is now; an agent may come back on another port. */
  leadsTo(port: number): void;
  /** Resets every connection that is open. */
  cut(): void;
  /** Lets nothing more through towards the clients, and nothing fails: the far end is simply silent. */
  hush(quiet: boolean): void;
  close(): Promise<void>;
}

export const flakyNetwork = async (): Promise<FlakyNetwork> => {
  let target = 0;
  let quiet = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (chunk) => quiet || near.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadsTo: (port) => {
      target = port;
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    hush: (now) => {
      quiet = now;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
