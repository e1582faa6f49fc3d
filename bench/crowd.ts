// Owns a crowd of plain WebSocket clients: one speaks, and the time until the last has heard it is taken.
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Crowd {
  readonly size: number;
  /** Sends from one client; resolves with the milliseconds until the last client had a frame that holds `marker`. */
  say(speaker: number, frame: string, marker: string): Promise<number>;
  /** The frame that the last call of `say` waited for. */
  lastFrame(): Buffer;
  leave(): void;
}

const HEARD_WITHIN_MS = 10_000;

interface Waiting {
  readonly marker: Buffer;
  readonly heard: (frame: Buffer) => void;
}

/** Connects `size` clients; each says `hello`, if there is one, and waits for an answer that holds `welcome`. */
export const gather = async (
  url: string,
  size: number,
  greeting?: { readonly hello: (client: number) => string; readonly welcome: string },
): Promise<Crowd> => {
  const sockets: WebSocket[] = [];
  const waiting: (Waiting | null)[] = [];
  let last: Buffer = Buffer.alloc(0);

  const nextFrame = (client: number, marker: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`client ${client} did not hear ${marker}`)), HEARD_WITHIN_MS);
      waiting[client] = {
        marker: Buffer.from(marker),
        heard: (frame) => {
          clearTimeout(late);
          waiting[client] = null;
          resolve(frame);
        },
      };
    });

  for (let client = 0; client < size; client++) {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    sockets.push(socket);
    waiting.push(null);
    socket.on('message', (raw) => {
      const waiter = waiting[client];
      const frame = raw as Buffer;
      if (waiter?.marker && frame.includes(waiter.marker)) waiter.heard(frame);
    });
    await once(socket, 'open');
    if (greeting === undefined) continue;
    const welcomed = nextFrame(client, greeting.welcome);
    socket.send(greeting.hello(client));
    await welcomed;
  }

  return {
    size,
    say: async (speaker, frame, marker) => {
      const everybody = Promise.all(sockets.map((_, client) => nextFrame(client, marker)));
      const startedAt = performance.now();
      sockets[speaker % size]?.send(frame);
      const [heard] = await everybody;
      const tookMs = performance.now() - startedAt;
      last = heard ?? last;
      return tookMs;
    },
    lastFrame: () => last,
    leave: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
};
