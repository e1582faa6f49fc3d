// Owns what is on its way out of the room: pages and messages that wait or failed, over all incidents.
import type { Delivery, Room } from '../../../incident/state.ts';
import { HOUR, toEpochMs } from '../../../incident/time.ts';
import { took } from '../../format.ts';
import { moment } from '../time-words.ts';

export interface DeliveryLine {
  readonly at: string;
  readonly what: string;
  readonly state: string;
  readonly tone: 'plain' | 'ok' | 'warn' | 'loud';
}

export interface Deliveries {
  readonly pending: number;
  readonly retrying: number;
  readonly failed: number;
  /** Those of the counts above, the failed ones first, then the newest; of very many the first. */
  readonly lines: readonly DeliveryLine[];
}

interface OnItsWay {
  readonly delivery: Delivery;
  readonly what: string;
}

/** What failed for good stays in view for so long, and as long as its incident is not closed. */
const FAILED_FOR_MS = 24 * HOUR;
const MOST_LINES = 20;

export const deliveriesOf = (room: Room, now: number): Deliveries => {
  const all: OnItsWay[] = [];
  for (const incident of Object.values(room.incidents)) {
    const isWanted = (delivery: Delivery): boolean =>
      delivery.state === 'pending' ||
      delivery.state === 'retrying' ||
      (delivery.state === 'failed' &&
        (incident.phase !== 'closed' || now - toEpochMs(delivery.requestedAt) < FAILED_FOR_MS));
    for (const page of Object.values(incident.pages))
      if (isWanted(page))
        all.push({ delivery: page, what: `${incident.id} ${page.kind} for ${page.contact} by ${page.channel}` });
    for (const message of Object.values(incident.messages))
      if (isWanted(message))
        all.push({ delivery: message, what: `${incident.id} message for ${message.sink} by ${message.channel}` });
  }
  const count = (state: Delivery['state']): number => all.filter(({ delivery }) => delivery.state === state).length;
  return {
    pending: count('pending'),
    retrying: count('retrying'),
    failed: count('failed'),
    lines: all
      .sort((a, b) => rank(a) - rank(b) || (a.delivery.requestedAt < b.delivery.requestedAt ? 1 : -1))
      .slice(0, MOST_LINES)
      .map((one) => lineOf(one, now)),
  };
};

const rank = ({ delivery }: OnItsWay): number =>
  delivery.state === 'failed' ? 0 : delivery.state === 'retrying' ? 1 : 2;

const MOST_TESTS = 10;

/** The newest first. */
export const testLines = (room: Room, now: number): readonly DeliveryLine[] =>
  Object.values(room.tests)
    .sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1))
    .slice(0, MOST_TESTS)
    .map((test) =>
      lineOf({ delivery: test, what: `${test.contact} by ${test.channel}, asked for by ${test.by}` }, now),
    );

const lineOf = ({ delivery, what }: OnItsWay, now: number): DeliveryLine => ({
  at: moment(delivery.requestedAt, now),
  what,
  ...stateOf(delivery, now),
});

const stateOf = (delivery: Delivery, now: number): Pick<DeliveryLine, 'state' | 'tone'> => {
  const { state, reason, retryAt, tookMs, mayHaveArrived } = delivery;
  const why = `${reason === null ? '' : `: ${reason}`}${mayHaveArrived ? ' (may have arrived)' : ''}`;
  switch (state) {
    case 'pending':
      return { state: 'waits', tone: 'plain' };
    case 'retrying':
      return {
        state: `tries again ${retryAt === null ? 'at once' : `at ${moment(retryAt, now)}`}${why}`,
        tone: 'warn',
      };
    case 'sent':
      return { state: `sent ${took(tookMs)}`.trim(), tone: 'ok' };
    case 'failed':
      return { state: `FAILED${why}`, tone: 'loud' };
    case 'cancelled':
      return { state: 'called off', tone: 'plain' };
    default:
      return state satisfies never;
  }
};
