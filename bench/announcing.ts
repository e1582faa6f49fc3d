// Owns the orders of the broadcasting servers, ours and the bare one: so many events of 500 bytes, so often, each saying when it left.
import { createInterface } from 'node:readline';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/** An order to announce. */
export interface Announcing {
  readonly events: number;
  /** 0: each in the next turn of the event loop. */
  readonly everyMs: number;
}

export interface Announced {
  /** When the first one left, by the clock that all processes of a machine share. */
  readonly firstAtMs: number;
}

/** What stands before the moment at which an event left, and after it. */
export const SENT_AT = { before: 'left at ', digits: 20 } as const;

const FRAME_BYTES = 500;

/** The clock that all processes of a machine share, in milliseconds. */
export const sharedNowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** A commit as clients are told it: as JSON 500 bytes. */
const eventOf = (number: number): object => {
  const event = (text: string): object => ({
    type: 'events',
    after: number,
    upTo: number + 1,
    mark: '0123456789abcdef',
    commits: [
      {
        ...{ v: 1, seq: number + 1, prev: 'f'.repeat(64), at: '2026-11-22T03:00:00.000Z' },
        ...{ commandId: 'bench-000000000001', actor: { kind: 'person', name: 'ana', token: 'local' } },
        events: [{ type: 'note.added', incident: 'INC-2026-0042', note: 'N1', text }],
      },
    ],
  });
  const said = `${SENT_AT.before}${sharedNowMs().toFixed(6).padStart(SENT_AT.digits)} `;
  return event(said.padEnd(FRAME_BYTES - JSON.stringify(event('')).length, 'x'));
};

/** Obeys orders from the standard input until it ends. `broadcast` sends a message to everybody. */
export const obeyOrders = async (broadcast: (message: object) => void): Promise<void> => {
  let number = 0;
  const announce = async ({ events, everyMs }: Announcing): Promise<Announced> => {
    const firstAtMs = sharedNowMs();
    for (let sent = 0; sent < events; sent++) {
      broadcast(eventOf(number++));
      await (everyMs === 0 ? setImmediate() : sleep(Math.max(0, firstAtMs + (sent + 1) * everyMs - sharedNowMs())));
    }
    return { firstAtMs };
  };
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await announce(JSON.parse(line) as Announcing))}\n`);
  }
};
