// Owns all sessions together: what each of them is sent, and who is here.
import { encode } from '../../protocol/codec.ts';
import type { AgentMessage, Presence } from '../../protocol/messages.ts';
import type { Session } from './session.ts';

export interface Gathering {
  readonly sessions: ReadonlySet<Session>;
  joins(session: Session): void;
  leaves(session: Session): void;
  /** To everybody, in order. */
  broadcast(message: AgentMessage): void;
  /** The same where readers differ. */
  broadcastEach(messageFor: (person: string) => AgentMessage): void;
  /** To everybody who keeps up. */
  offer(message: AgentMessage): void;
  /** Somebody came, left or looks elsewhere. */
  presenceChanged(): void;
  /** Tells who is here to those who could not be told when it changed, as soon as they keep up. */
  catchUp(): void;
  /** Who is here, in the order in which they came, as that person may know it. */
  presence(person: string): readonly Presence[];
  /** The clock that is furthest off among those of all who are here; null where nobody is. */
  worstSkewMs(): number | null;
}

/** People come and look around in bursts, after a restart above all: one message tells of all. */
const PRESENCE_WITHIN_MS = 200;

/** Where somebody looks is told to those alone who may look there. */
export const createGathering = (mayLookAt: (incident: string, person: string) => boolean): Gathering => {
  const sessions = new Set<Session>();
  const untold = new Set<Session>();
  let isTellingPresence = false;

  const presence = (person: string): readonly Presence[] =>
    [...sessions].flatMap((session) => {
      const its = session.presence();
      if (its === null) return [];
      return its.incident === null || mayLookAt(its.incident, person) ? its : { ...its, incident: null };
    });

  /** Encoded once for all who are told the same; `likeness` is equal for those. */
  const eachLike = (
    likeness: (person: string) => string,
    messageFor: (person: string) => AgentMessage,
    tell: (session: Session, frame: Buffer) => void,
    to: Iterable<Session> = sessions,
  ): void => {
    const frames = new Map<string, Buffer>();
    for (const session of to) {
      const person = session.presence()?.name;
      if (person === undefined) continue;
      const like = likeness(person);
      const frame = frames.get(like) ?? encode(messageFor(person));
      frames.set(like, frame);
      tell(session, frame);
    }
  };

  const tellPresence = (to: Iterable<Session>): void => {
    const incidents = new Set([...sessions].flatMap((session) => session.presence()?.incident ?? []));
    eachLike(
      (person) => [...incidents].filter((incident) => mayLookAt(incident, person)).join(),
      (person) => ({ type: 'presence', people: presence(person) }),
      (session, frame) => {
        if (session.deliverIfReading(frame)) untold.delete(session);
        else untold.add(session);
      },
      to,
    );
  };

  return {
    sessions,
    joins: (session) => void sessions.add(session),
    leaves: (session) => {
      sessions.delete(session);
      untold.delete(session);
    },
    broadcast: (message) => {
      const frame = encode(message);
      for (const session of sessions) session.deliver(frame);
    },
    broadcastEach: (messageFor) =>
      eachLike(
        (person) => person,
        messageFor,
        (session, frame) => session.deliver(frame),
      ),
    offer: (message) => {
      const frame = encode(message);
      for (const session of sessions) session.deliverIfReading(frame);
    },
    presenceChanged: () => {
      if (isTellingPresence) return;
      isTellingPresence = true;
      setTimeout(() => {
        isTellingPresence = false;
        tellPresence(sessions);
      }, PRESENCE_WITHIN_MS).unref();
    },
    catchUp: () => {
      if (untold.size > 0) tellPresence([...untold]);
    },
    presence,
    worstSkewMs: () =>
      [...sessions].reduce<number | null>((worst, session) => {
        const its = session.presence()?.skewMs;
        return its === undefined || (worst !== null && Math.abs(worst) >= Math.abs(its)) ? worst : its;
      }, null),
  };
};
