// Owns a room's ordinary life, over and over: incidents come in every way, are contained, given back and closed; people come and go.
import { connectRoom } from '../../../src/client/connect.ts';
import type { RoomClient } from '../../../src/client/room-client.ts';
import type { PersonCommandInput } from '../../../src/incident/commands.ts';
import { type Action, type Incident, isOpen } from '../../../src/incident/state.ts';
import type { CommandResult } from '../../../src/protocol/messages.ts';
import type { Random } from '../../sim/world/random.ts';
import { until } from '../../support/until.ts';
import type { MeasuredShop } from './measured-shop.ts';

export interface RoomLife {
  /** How often what. */
  readonly counts: Readonly<Record<CountName, number>>;
  /** Ends when everybody has finished what they are at. */
  stop(): Promise<void>;
  /** Everybody finishes what they are at and waits while `work` looks around. */
  pausedFor<Value>(work: () => Promise<Value>): Promise<Value>;
}

type CountName = 'incidents' | 'contained' | 'alerts' | 'commands' | 'refused' | 'stuck' | 'visits';

interface Living {
  readonly url: string;
  readonly token: string;
  readonly services: readonly string[];
  readonly shop: MeasuredShop;
  readonly random: Random;
}

const ANSWER_WITHIN_MS = 10_000;
const STORIES_A_VISIT = 5;
const MOST_TRIES = 5;
const IS_OUTCOME: ReadonlySet<string> = new Set(['applied', 'undone', 'failed', 'refused', 'disarmed', 'unknown']);

const actionsOf = (client: RoomClient): readonly Action[] =>
  Object.values(client.view().room.incidents).flatMap(({ actions }) => Object.values(actions));

/** One person looks after each service; the first service is the one that is measured. */
export const liveInRoom = ({ url, token, services, shop, random }: Living): RoomLife => {
  const counts: Record<CountName, number> = {
    incidents: 0,
    contained: 0,
    alerts: 0,
    commands: 0,
    refused: 0,
    stuck: 0,
    visits: 0,
  };
  let isStopped = false;
  let pause: Promise<void> | null = null;
  let atWork = 0;

  const ask = async (client: RoomClient, command: PersonCommandInput): Promise<CommandResult> => {
    counts.commands += 1;
    const result = await client.send(command);
    if (!result.ok) counts.refused += 1;
    return result;
  };

  const post = async (service: string, status: 'firing' | 'resolved', key: string): Promise<void> => {
    counts.alerts += 1;
    const answer = await fetch(`${url}/api/v1/alerts/generic`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ title: `alert ${key}`, status, dedup_key: key, severity: 'warning', service }),
    });
    await answer.text();
  };

  const openOf = (client: RoomClient, service: string): Incident | null =>
    Object.values(client.view().room.incidents).find((one) => isOpen(one) && one.services.includes(service)) ?? null;

  /** How an action that was asked for ended; null when it was not to be. */
  const outcomeOf = async (client: RoomClient, asked: CommandResult): Promise<string | null> => {
    if (!asked.ok || asked.subject === null) return null;
    const { subject } = asked;
    const state = (): string | undefined => actionsOf(client).find(({ id }) => id === subject)?.state.name;
    return until('an outcome', () => [state()].find((name) => IS_OUTCOME.has(name ?? '')), ANSWER_WITHIN_MS);
  };

  const contain = async (client: RoomClient, incident: string, service: string): Promise<void> => {
    const command = { type: 'contain', incident, service, name: 'flush', params: {}, arm: true } as const;
    if ((await outcomeOf(client, await ask(client, command))) === 'applied') counts.contained += 1;
  };

  /** Takes back what is in place, also what a story before left: a hurried room lets a confirmation run out now and then. */
  const giveBack = async (client: RoomClient, service: string): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const applied = actionsOf(client).filter(
        (action) => action.service === service && action.state.name === 'applied',
      );
      const inPlace = applied.find(({ undoes }) => undoes === null);
      if (inPlace === undefined) return;
      await outcomeOf(client, await ask(client, { type: 'undo', action: inPlace.id, arm: true }));
    }
  };

  /** A person, an alert or the numbers say that something is wrong; resolves with the alert's key, where it was one. */
  const begin = async (client: RoomClient, service: string): Promise<string | null> => {
    if (openOf(client, service) !== null) return null;
    if (service === services[0]) {
      shop.fail(0.6);
      return null;
    }
    if (random.chance(0.5)) {
      const key = `${service}-${counts.alerts}`;
      await post(service, 'firing', key);
      return key;
    }
    const severity = random.pick(['SEV1', 'SEV2', 'SEV3'] as const);
    await ask(client, { type: 'declare', title: `trouble of ${service}`, services: [service], severity });
    return null;
  };

  const story = async (client: RoomClient, service: string): Promise<void> => {
    const key = await begin(client, service);
    const { id } = await until('an incident', () => openOf(client, service), ANSWER_WITHIN_MS);
    counts.incidents += 1;
    await ask(client, { type: 'claim-role', incident: id, role: 'commander' });
    if (random.chance(0.7)) await ask(client, { type: 'acknowledge', incident: id });
    for (let note = 0; note < 4; note++)
      await ask(client, { type: 'add-note', incident: id, text: `note ${note}: ${'looked around. '.repeat(10)}` });
    await contain(client, id, service);
    await giveBack(client, service);
    if (service === services[0]) shop.fail(0);
    if (key !== null) await post(service, 'resolved', key);
    // Numbers go on for their window, so the incident may be opened again: the next story finds it.
    await ask(client, { type: 'resolve', incident: id });
    await ask(client, { type: 'close', incident: id, falseAlarm: false, reason: 'over' });
  };

  const live = async (service: string): Promise<void> => {
    while (!isStopped) {
      const client = connectRoom({ address: () => ({ url, token }), name: `of-${service}` });
      counts.visits += 1;
      await until('a live client', () => client.view().connection.name === 'live');
      for (let stories = 0; stories < STORIES_A_VISIT && !isStopped; stories++) {
        await pause;
        atWork += 1;
        // The next one goes on where it stood.
        await story(client, service).catch(() => {
          counts.stuck += 1;
        });
        atWork -= 1;
      }
      client.close();
    }
  };

  const lives = Promise.all(services.map(live));
  return {
    counts,
    stop: async () => {
      isStopped = true;
      await lives;
    },
    pausedFor: async (work) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      pause = promise;
      try {
        await until('everybody to wait', () => atWork === 0, 60_000);
        return await work();
      } finally {
        pause = null;
        resolve();
      }
    },
  };
};
