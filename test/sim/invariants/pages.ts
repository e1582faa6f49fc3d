// Owns the rules of reaching people: asked for before it goes out, never lost, never twice without saying so, never after the end.

import type { OutgoingMessage } from '../../../src/agent/notifiers/notifier.ts';
import type { Delivery, Room } from '../../../src/incident/state.ts';
import { isOpen } from '../../../src/incident/state.ts';
import { msBetween, toTimestamp } from '../../../src/incident/time.ts';
import type { Invariant } from './invariant.ts';

const deliveryIn = (room: Room, { kind, id, incident }: OutgoingMessage): Delivery | undefined => {
  if (kind === 'test') return room.tests[id.split('/')[1] ?? ''];
  const its = room.incidents[incident?.id ?? ''];
  return kind === 'announcement' ? its?.messages[id] : its?.pages[id];
};

export const requestedBeforeSent: Invariant = (world, broken) => ({
  onTry: ({ outgoing }) => {
    const delivery = deliveryIn(world.record.room(), outgoing);
    const isReadOnly = world.running()?.agent.committer.writable() === false;
    if (outgoing.unrecorded && world.running() !== null && !isReadOnly)
      broken(`${outgoing.kind} ${outgoing.id} went out as unrecorded while the log took writes`);
    if (outgoing.unrecorded) return;
    if (delivery === undefined) broken(`${outgoing.kind} ${outgoing.id} went out before its request was durable`);
    else if (delivery.state !== 'pending' && delivery.state !== 'retrying')
      broken(`${outgoing.kind} ${outgoing.id} went out after it was ${delivery.state}`);
  },
});

export const noPageAfterTheEnd: Invariant = (world, broken) => ({
  onTry: ({ outgoing }) => {
    if (outgoing.kind !== 'page' && outgoing.kind !== 'notice') return;
    const incident = world.running()?.agent.committer.seen().incidents[outgoing.incident?.id ?? ''];
    if (incident !== undefined && !isOpen(incident))
      broken(`${outgoing.kind} ${outgoing.id} went out after ${incident.id} was ${incident.phase}`);
  },
});

export const repeatsAreMarked: Invariant = (world, broken) => {
  const look = (id: string): void => {
    const [, ...repeats] = world.pagers.arrivedOf(id).filter(({ outgoing }) => !outgoing.unrecorded);
    for (const { outgoing, life } of repeats)
      if (!outgoing.possibleDuplicate)
        broken(`${outgoing.kind} ${id} arrived again (from start ${life} of the agent) and did not say so`);
  };
  return {
    onTry: (_attempt, earlier) => {
      const id = earlier[0]?.outgoing.id;
      if (id !== undefined) look(id);
    },
    whenCalm: () => {
      for (const id of new Set(world.pagers.tries().map(({ outgoing }) => outgoing.id))) look(id);
    },
  };
};

/** Longer than the longest wait between two tries. */
const REACHED_WITHIN_MS = 400_000;

export const noPageLost: Invariant = (world, broken) => ({
  onCommit: (commit) => {
    for (const event of commit.events) {
      if (event.type !== 'page.sent' && event.type !== 'message.sent') continue;
      const id = event.type === 'page.sent' ? event.page : event.message;
      if (world.pagers.arrivedOf(id).length === 0)
        broken(`${id} is recorded as sent and never arrived (commit ${commit.seq})`);
    }
  },
  whenCalm: () => {
    const now = toTimestamp(world.time.wallMs());
    for (const incident of Object.values(world.record.room().incidents)) {
      // Absolute times wait longer where the clock was set back; what stands behind one waits with it.
      const waitsForClock = new Set(
        Object.values(incident.messages).flatMap(({ sink, retryAt }) =>
          retryAt !== null && retryAt > now ? [sink] : [],
        ),
      );
      for (const [id, delivery] of [...Object.entries(incident.pages), ...Object.entries(incident.messages)]) {
        const isWaiting = delivery.state === 'pending' || delivery.state === 'retrying';
        const since = delivery.retryAt ?? delivery.requestedAt;
        if ('sink' in delivery && waitsForClock.has(delivery.sink)) continue;
        if (isWaiting && msBetween(since, now) > REACHED_WITHIN_MS)
          broken(`${id} was asked for at ${delivery.requestedAt} and neither arrived nor failed`);
      }
    }
  },
});
