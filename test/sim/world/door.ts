// Owns the agent's end of every simulated connection: the real sessions, welcome and news, over pipes instead of sockets.
import type { Agent } from '../../../src/agent/agent.ts';
import { newsFor, newsForAll } from '../../../src/agent/commit-news.ts';
import type { Admit } from '../../../src/agent/server/admission.ts';
import { createGathering } from '../../../src/agent/server/gathering.ts';
import { resume } from '../../../src/agent/server/resuming.ts';
import { createSession, type SessionHost } from '../../../src/agent/server/session.ts';
import { noPolicy } from '../../../src/client/replica.ts';
import { toTimestamp } from '../../../src/incident/time.ts';
import { type AgentHealth, PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { PEOPLE } from '../commands.ts';
import type { Life } from './life.ts';
import type { Pipe } from './network.ts';
import type { SimulatedTime } from './time.ts';

export interface Door {
  readonly life: Life;
  /** A client connects: what it says is to be handed over, and what it is told goes through `toClient`. */
  connect(toClient: Pipe): { readonly hear: (frame: Buffer) => void; readonly leave: () => void };
}

/** A token is the name of its person: who may do what is looked up as from a real one. */
const admit: Admit = (presented) => {
  const person = PEOPLE.find(({ name }) => name === presented);
  if (person === undefined) return { ok: false, why: 'token', message: 'no such token', afterMs: 0 };
  const { name, permission } = person;
  return { ok: true, admission: { token: name, permission, person: name, ended: () => null } };
};

const noHealth: AgentHealth = {
  sources: [],
  append: null,
  clients: 0,
  memoryBytes: 0,
  configurationLoadedAt: toTimestamp(0),
  configurationDirectory: '',
} as unknown as AgentHealth;

export const openDoor = (
  agent: Agent,
  {
    life,
    time,
    fault,
  }: { readonly life: Life; readonly time: SimulatedTime; readonly fault: (error: unknown) => void },
): Door => {
  const { committer, commitsAfter, markAt, logId } = agent;
  // Presence is told after a real time; nobody asks for it here.
  const gathering = createGathering(() => true);
  const startedAt = toTimestamp(time.wallMs());

  committer.onCommit((commit, { seq, room }, before) => {
    if (!life.isAlive()) return;
    const told = { commit, mark: markAt(seq) ?? '', before, after: room };
    const news = newsForAll(told);
    if (news === null) gathering.broadcastEach((person) => newsFor(told, person));
    else gathering.broadcast(news);
  });

  const host: SessionHost = {
    admit,
    version: 'simulated',
    welcome: (greeted) => ({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      log: logId,
      agent: {
        ...{ version: 'simulated', startedAt, now: time.wallMs(), rate: 1 },
        ...{ writable: committer.writable(), held: committer.held() },
      },
      you: greeted.you,
      ...resume(greeted, { log: logId, ...committer.committed(), markAt, commitsAfter }),
      signals: {},
      history: {},
      policy: noPolicy,
      presence: [],
      health: noHealth,
    }),
    execute: agent.execute,
    answer: async () => {
      throw new Error('nobody asks here');
    },
    nowMs: time.wallMs,
    wallMs: time.wallMs,
    presenceChanged: () => {},
    fault,
  };

  return {
    life,
    connect: (toClient) => {
      const session = createSession(
        {
          send: (frame) => {
            if (life.mayCall()) toClient.send(frame);
          },
          backlogBytes: toClient.backlogBytes,
          close: () => gathering.leaves(session),
          terminate: () => toClient.cut(),
        },
        host,
      );
      gathering.joins(session);
      return {
        hear: (frame) => {
          if (life.isAlive()) session.receive(frame);
        },
        leave: () => gathering.leaves(session),
      };
    },
  };
};
