import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { known } from '../../src/incident/signals.ts';
import { safeText } from '../../src/incident/text.ts';
import { createSession } from '../../src/tui/session.ts';
import { themeNamed } from '../../src/tui/theme.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { calmRoom, failingRoom, INCIDENT } from '../support/rooms-to-look-at.ts';

const watched = (room: FakeRoom) => {
  const session = createSession({
    client: room,
    paint: { theme: themeNamed('none'), glyphs: 'unicode' },
    size: { columns: 80, rows: 24 },
    localNow: () => Date.now(),
  });
  const frames = vi.fn();
  session.subscribe(frames);
  return { session, frames };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a session', () => {
  it('draws nothing in a calm room where nothing changes', () => {
    const { session, frames } = watched(calmRoom());
    vi.advanceTimersByTime(60_000);
    expect(frames).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    session.stop();
  });

  it('ticks once a second while something counts', () => {
    const room = failingRoom();
    const { session, frames } = watched(room);
    for (let second = 0; second < 5; second++) {
      room.story.pass(1_000);
      vi.advanceTimersByTime(1_000);
    }
    expect(frames).toHaveBeenCalledTimes(5);
    session.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ticks while a silence in force counts down, and not for one to come', () => {
    const room = calmRoom();
    const { session, frames } = watched(room);
    const silence = (startsInMs: number): void => {
      room.story.does('ana', {
        type: 'silence',
        services: [safeText('search')],
        startsInMs,
        forMs: 60_000,
        reason: safeText('deploy'),
      });
      room.changed();
      vi.advanceTimersByTime(100);
    };
    silence(3_600_000);
    expect(vi.getTimerCount()).toBe(0);
    silence(0);
    frames.mockClear();
    for (let second = 0; second < 5; second++) {
      room.story.pass(1_000);
      vi.advanceTimersByTime(1_000);
    }
    expect(frames).toHaveBeenCalledTimes(5);
    room.story.pass(60_000);
    vi.advanceTimersByTime(2_000);
    expect(vi.getTimerCount()).toBe(0);
    session.stop();
  });

  it('draws numbers that move by themselves at most five times a second', () => {
    const room = calmRoom();
    const { session, frames } = watched(room);
    for (let step = 0; step < 100; step++) {
      room.reads('checkout', known(step / 1_000));
      vi.advanceTimersByTime(10);
    }
    expect(frames.mock.calls.length).toBeGreaterThan(2);
    expect(frames.mock.calls.length).toBeLessThanOrEqual(5);
    session.stop();
  });

  it('draws a key at once', () => {
    const { session, frames } = watched(failingRoom());
    session.press({ name: 'character', character: '?' });
    expect(frames).toHaveBeenCalledTimes(1);
    expect(session.rows().join('\n')).toContain('nothing dangerous is on Enter');
    session.stop();
  });

  it('folds a burst of events into few frames, without losing the last', () => {
    const room = failingRoom();
    const { session, frames } = watched(room);
    vi.advanceTimersByTime(50);
    for (let note = 0; note < 100; note++) {
      room.story.does('ben', { type: 'add-note', incident: INCIDENT, text: `number ${note}` as never });
      room.changed();
    }
    vi.advanceTimersByTime(100);
    expect(frames.mock.calls.length).toBeLessThanOrEqual(2);
    expect(session.rows().join('\n')).toContain('number 99');
    session.stop();
  });

  it('says a refusal for a while', async () => {
    const room = failingRoom();
    const { session } = watched(room);
    room.story.does('ben', { type: 'claim-role', incident: INCIDENT, role: 'scribe' });
    session.press({ name: 'character', character: 'r' });
    session.press({ name: 'character', character: '4' });
    await vi.advanceTimersByTimeAsync(10);
    expect(session.rows().join('\n')).toContain('ben has the scribe; ben releases it first');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.rows().join('\n')).not.toContain('ben has the scribe');
    session.stop();
  });

  it('acts on nothing in a window too small to see it, and can be left there', async () => {
    const room = failingRoom();
    const { session } = watched(room);
    session.resize({ columns: 30, rows: 8 });
    for (const character of ['a', 'R', 'y', 'n']) session.press({ name: 'character', character });
    session.resize({ columns: 80, rows: 24 });
    expect(room.sent).toEqual([]);
    expect(session.rows().join('\n')).toContain('NO COMMANDER');
    session.resize({ columns: 30, rows: 8 });
    session.press({ name: 'character', character: 'q' });
    await session.left;
    session.stop();
  });
});
