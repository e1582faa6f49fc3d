import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newsFor, newsForAll } from '../../src/agent/commit-news.ts';
import { applyMessage, emptyReplica, type Replica } from '../../src/client/replica.ts';
import type { Command } from '../../src/incident/commands.ts';
import { evolveCommit } from '../../src/incident/evolve.ts';
import { emptyRoom, type Room } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { roomFor } from '../../src/incident/visibility.ts';
import { doWhatIsDue, plan, roomUnderTest } from '../support/room.ts';

const PEOPLE = ['ana', 'ben', 'eve'] as const;

/** Plays the commits of a story to everybody's replica, as the agent tells them; what each was told, and what each holds. */
const toldOf = (story: ReturnType<typeof roomUnderTest>) => {
  const replicas = new Map<string, Replica>(PEOPLE.map((person) => [person, emptyReplica(person)]));
  const told: { readonly person: string; readonly type: string; readonly text: string }[] = [];
  let room: Room = emptyRoom;
  for (const commit of story.commits()) {
    const news = { commit, mark: `m${commit.seq}`, before: room, after: evolveCommit(room, commit) };
    room = news.after;
    for (const [person, replica] of replicas) {
      const message = newsForAll(news) ?? newsFor(news, person);
      const applied = applyMessage(replica, message);
      if (!applied.ok) throw new Error(`${person} has a gap before ${commit.seq}`);
      replicas.set(person, applied.replica);
      told.push({ person, type: message.type, text: JSON.stringify(message) });
      expect([person, commit.seq, applied.replica.seq, applied.replica.mark]).toEqual([
        person,
        commit.seq,
        commit.seq,
        `m${commit.seq}`,
      ]);
      expect(JSON.stringify(applied.replica.room)).toBe(JSON.stringify(roomFor(room, person)));
    }
  }
  return { told, to: (person: string) => told.filter((one) => one.person === person) };
};

const declarePrivately = (story: ReturnType<typeof roomUnderTest>): string => {
  story.does('ana', {
    type: 'declare',
    title: safeText('keys leaked'),
    services: [safeText('checkout')],
    severity: 'SEV2',
    people: [safeText('ben')],
  });
  return Object.keys(story.room().incidents).at(-1) ?? '';
};

describe('the news of a commit', () => {
  it('[V5] [F1] is one message for everybody where nothing is hidden', () => {
    const story = roomUnderTest();
    story.declares();
    const [commit] = story.commits();
    if (commit === undefined) throw new Error('nothing was committed');
    const news = { commit, mark: 'm1', before: emptyRoom, after: story.room() };
    expect(newsForAll(news)).toEqual({ type: 'events', after: 0, upTo: 1, mark: 'm1', commits: [commit] });
  });

  it('[V1] [V2] [F3] of a private incident tells those it does not name nothing but the number', () => {
    const story = roomUnderTest();
    const id = declarePrivately(story);
    story.does('ben', { type: 'add-note', incident: id, text: safeText('rotate them') });
    const { to } = toldOf(story);
    expect(to('ben').map(({ type }) => type)).toEqual(['events', 'events']);
    expect(JSON.stringify(to('eve'))).not.toMatch(/keys leaked|rotate them|INC-/);
    expect(to('eve').at(-1)?.text).toBe('{"type":"events","after":1,"upTo":2,"mark":"m2","commits":[]}');
  });

  it('[V3] [F8] is another room for whom is let in, shut out, or counts what is hidden', () => {
    const story = roomUnderTest();
    const id = declarePrivately(story);
    story.does('ana', { type: 'set-people', incident: id, people: [safeText('eve')] });
    story.does('ana', { type: 'set-people', incident: id, people: null });
    const { to } = toldOf(story);
    expect(to('eve').map(({ type }) => type)).toEqual(['room', 'room', 'events']);
    expect(to('ben').map(({ type }) => type)).toEqual(['events', 'room', 'room']);
    expect(to('ana').map(({ type }) => type)).toEqual(['events', 'events', 'events']);
  });

  it('[F3] [V2] [V3] leaves every replica equal to the room as its reader may see it, whatever happens', () => {
    const someone = fc.constantFrom(...PEOPLE);
    const who = fc.constantFrom(null, ['ana'], ['ben'], ['ana', 'eve'], [...PEOPLE]);
    const which = fc.integer({ min: 1, max: 3 }).map((number) => `INC-2026-000${number}`);
    const step: fc.Arbitrary<readonly [string, Command | 'time']> = fc.oneof(
      fc.tuple(
        someone,
        fc.record({
          type: fc.constant('declare' as const),
          title: fc.constant(safeText('it fails')),
          services: fc.constantFrom([safeText('checkout')], [safeText('search')]),
          severity: fc.constantFrom('SEV1' as const, 'SEV3' as const),
          people: who.map((people) => people?.map((name) => safeText(name)) ?? undefined),
        }) as fc.Arbitrary<Command>,
      ),
      fc.tuple(
        someone,
        fc.oneof(
          fc.record({
            type: fc.constant('set-people' as const),
            incident: which,
            people: who.map((people) => people?.map((name) => safeText(name)) ?? null),
          }),
          fc.record({ type: fc.constant('add-note' as const), incident: which, text: fc.constant(safeText('a note')) }),
          fc.record({ type: fc.constant('acknowledge' as const), incident: which }),
          fc.record({ type: fc.constant('resolve' as const), incident: which }),
          fc.record({ type: fc.constant('close' as const), incident: which, falseAlarm: fc.constant(true) }),
          fc.record({
            type: fc.constant('contain' as const),
            incident: which,
            service: fc.constant(safeText('checkout')),
            name: fc.constant(safeText('circuit-breaker')),
            params: fc.constant({}),
            arm: fc.constant(true),
          }),
        ) as fc.Arbitrary<Command>,
      ),
      fc.tuple(someone, fc.constant('time' as const)),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const story = roomUnderTest();
        for (const [person, command] of steps) {
          if (command === 'time') {
            story.pass(3_600_000);
            doWhatIsDue(story);
            for (const incident of Object.values(story.room().incidents))
              for (const action of Object.values(incident.actions))
                story.agentAsks({ type: 'record-plan', action: action.id, plan });
            for (const { id, timeline } of Object.values(story.room().incidents))
              story.agentAsks({ type: 'archive-incident', incident: id, lastSeq: timeline.at(-1)?.seq ?? 0 });
          } else story.asks(person, command);
        }
        toldOf(story);
      }),
      { numRuns: 150 },
    );
  });
});
