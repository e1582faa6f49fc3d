// Owns what every event log must keep, whatever it is stored in; a second implementation runs this same suite.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppendResult, EventLog } from '../../src/agent/log/event-log.ts';
import type { Commit } from '../../src/incident/commit.ts';
import { collected, draft } from '../agent/log/drafts.ts';

/** An empty store; `open` may be called again after the log before was closed. */
export interface LogStore {
  open(): Promise<EventLog>;
  discard(): Promise<void>;
}

export const eventLogContract = (name: string, makeStore: () => Promise<LogStore>): void => {
  describe(`event log contract: ${name}`, () => {
    let store: LogStore;
    let log: EventLog;

    beforeEach(async () => {
      store = await makeStore();
      log = await store.open();
    });

    afterEach(async () => {
      await log.close();
      await store.discard();
    });

    const reopen = async (): Promise<void> => {
      await log.close();
      log = await store.open();
    };

    const appendMany = (count: number): Promise<readonly AppendResult[]> => {
      const before = log.head().seq;
      return Promise.all(Array.from({ length: count }, (_, i) => log.append(before + i, draft(before + i + 1))));
    };

    const readFrom = (fromSeq: number): Promise<readonly Commit[]> => collected(log.read(fromSeq));
    const numbersFrom = async (fromSeq: number) => (await readFrom(fromSeq)).map((commit) => commit.seq);

    const subscribed = (fromSeq: number) => {
      const heard: Commit[] = [];
      const leave = log.subscribe(fromSeq, (commit) => heard.push(commit));
      return { heard, leave, seqs: () => heard.map((commit) => commit.seq) };
    };

    const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

    it('an empty log has no commits and stands at 0', async () => {
      expect(log.head().seq).toBe(0);
      expect(await readFrom(1)).toEqual([]);
      expect(await log.latestSnapshot()).toBeNull();
    });

    it('an append answers with the commit it made, and the head moves to it', async () => {
      const result = await log.append(0, draft(1));
      expect(result).toMatchObject({ ok: true, commit: { v: 1, seq: 1, ...draft(1) } });
      expect(log.head().seq).toBe(1);
    });

    it('commits come back as they were written, in order, also from the middle', async () => {
      const results = await appendMany(5);
      expect(results.every((result) => result.ok)).toBe(true);
      expect(await readFrom(1)).toEqual(results.map((result) => result.ok && result.commit));
      expect(await numbersFrom(4)).toEqual([4, 5]);
      expect(await numbersFrom(6)).toEqual([]);
      expect(await numbersFrom(-3)).toEqual([1, 2, 3, 4, 5]);
    });

    it('text of every script, quotes, newlines and lone surrogates come back unharmed', async () => {
      const strange = 'ünï "q" \\ \n\r\u2028 🚒 \u0000 漢字 {"v":1}\n';
      await log.append(0, draft(1, strange));
      const withSurrogate = { ...draft(2), commandId: 'lone \ud800 surrogate' };
      await log.append(1, withSurrogate);
      await reopen();
      const [first, second] = await readFrom(1);
      expect(first?.events).toEqual(draft(1, strange).events);
      expect(second?.commandId).toBe(withSurrogate.commandId);
    });

    it('the head of a commit is the link of the next one', async () => {
      await log.append(0, draft(1));
      const { hash } = log.head();
      const second = await log.append(1, draft(2));
      expect(second.ok && second.commit.prev).toBe(hash);
    });

    it.each([
      ['behind', 0],
      ['ahead', 2],
    ])('an append that is %s is a conflict that names the head, and writes nothing', async (_, expectedSeq) => {
      await log.append(0, draft(1));
      const result = await log.append(expectedSeq, draft(2));
      expect(result).toEqual({ ok: false, reason: 'conflict', head: log.head() });
      expect(await numbersFrom(1)).toEqual([1]);
    });

    it('an append at the head that a conflict named is taken', async () => {
      await appendMany(3);
      const conflict = await log.append(1, draft(4));
      if (conflict.ok || conflict.reason !== 'conflict') throw new Error('expected a conflict');
      expect((await log.append(conflict.head.seq, draft(4))).ok).toBe(true);
    });

    it('of two appends for the same place in flight one wins', async () => {
      const results = await Promise.all([log.append(0, draft(1)), log.append(0, draft(2))]);
      expect(results.map((result) => (result.ok ? 'ok' : result.reason)).sort()).toEqual(['conflict', 'ok']);
      expect(await numbersFrom(1)).toEqual([1]);
    });

    it('many appends in flight are all kept, in the order of the calls', async () => {
      const results = await appendMany(1_000);
      expect(results.every((result) => result.ok)).toBe(true);
      expect((await readFrom(1)).map((commit) => commit.commandId)).toEqual(upTo(1_000).map((n) => `command-${n}`));
    });

    it('a read ends at the head of the time it was asked', async () => {
      await appendMany(2);
      const reading = log.read(1);
      await log.append(2, draft(3));
      expect((await collected(reading)).map((commit) => commit.seq)).toEqual([1, 2]);
    });

    it('a reader may stop early', async () => {
      await appendMany(600);
      for await (const commit of log.read(1)) if (commit.seq === 2) break;
      expect(await numbersFrom(599)).toEqual([599, 600]);
    });

    it('after a restart everything is there and the chain goes on', async () => {
      await appendMany(700);
      const before = log.head();
      await reopen();
      expect(log.head()).toEqual(before);
      const next = await log.append(700, draft(701));
      expect(next).toMatchObject({ ok: true, commit: { seq: 701, prev: before.hash } });
      expect(await numbersFrom(512)).toEqual(upTo(701, 512));
    });

    it('a subscriber hears history first, then every new commit, once each and in order', async () => {
      await appendMany(300);
      const subscriber = subscribed(1);
      for (let i = 0; i < 200; i++) void log.append(300 + i, draft(301 + i));
      await vi.waitFor(() => expect(subscriber.heard.length).toBeGreaterThanOrEqual(500));
      expect(subscriber.seqs()).toEqual(upTo(500));
    });

    it('a subscriber from the middle, from the end and from the future hears only what it asked for', async () => {
      await appendMany(3);
      const subscribers = [subscribed(2), subscribed(4), subscribed(6)];
      await appendMany(4);
      await vi.waitFor(() => expect(subscribers[0]?.seqs()).toEqual(upTo(7, 2)));
      await vi.waitFor(() => expect(subscribers[1]?.seqs()).toEqual(upTo(7, 4)));
      await vi.waitFor(() => expect(subscribers[2]?.seqs()).toEqual(upTo(7, 6)));
    });

    it('subscribers hear what a read returns', async () => {
      const live = subscribed(1);
      await appendMany(3);
      const late = subscribed(1);
      await vi.waitFor(() => expect(late.heard).toHaveLength(3));
      await vi.waitFor(() => expect(live.heard).toEqual(late.heard));
    });

    it('a subscriber that throws harms nobody', async () => {
      let thrown = 0;
      log.subscribe(1, () => {
        thrown += 1;
        throw new Error('a broken subscriber');
      });
      const sound = subscribed(1);
      expect((await appendMany(2)).every((result) => result.ok)).toBe(true);
      await vi.waitFor(() => expect(sound.seqs()).toEqual([1, 2]));
      await vi.waitFor(() => expect(thrown).toBe(2));
    });

    it('a subscriber that left hears nothing more, also when it leaves while being told', async () => {
      const left = subscribed(1);
      left.leave();
      const seqs: number[] = [];
      const leave = log.subscribe(1, (commit) => {
        seqs.push(commit.seq);
        leave();
      });
      const stays = subscribed(1);
      await appendMany(3);
      await vi.waitFor(() => expect(stays.seqs()).toEqual([1, 2, 3]));
      expect(left.seqs()).toEqual([]);
      expect(seqs).toEqual([1]);
    });

    it('the newest snapshot comes back, also after a restart', async () => {
      await appendMany(5);
      await log.saveSnapshot(2, { open: ['INC-2026-0001'], note: 'ü' });
      await log.saveSnapshot(4, { open: [] });
      expect(await log.latestSnapshot()).toEqual({ seq: 4, state: { open: [] } });
      await reopen();
      expect(await log.latestSnapshot()).toEqual({ seq: 4, state: { open: [] } });
    });

    it('a snapshot of what is not in the log yet is refused', async () => {
      await expect(log.saveSnapshot(1, {})).rejects.toThrow(RangeError);
    });

    it('closing waits for appends in flight, may be asked twice, and refuses later ones', async () => {
      const inFlight = appendMany(10);
      await Promise.all([log.close(), log.close()]);
      expect((await inFlight).every((result) => result.ok)).toBe(true);
      expect(await log.append(10, draft(11))).toMatchObject({ ok: false, reason: 'unwritable' });
      log = await store.open();
      expect(log.head().seq).toBe(10);
    });
  });
};
