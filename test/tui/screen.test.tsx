import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../src/tui/screen.tsx';
import { createSession } from '../../src/tui/session.ts';
import { themeNamed } from '../../src/tui/theme.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { calmRoom, failingRoom, INCIDENT } from '../support/rooms-to-look-at.ts';
import { until } from '../support/until.ts';

const opened = (room: FakeRoom) => {
  const session = createSession({
    client: room,
    paint: { theme: themeNamed('none'), glyphs: 'unicode' },
    size: { columns: 100, rows: 24 },
    localNow: () => performance.now(),
  });
  const ink = render(<Screen session={session} />);
  return {
    ...ink,
    session,
    shows: (words: string) => until(words, () => (ink.lastFrame() ?? '').includes(words)),
    end: () => {
      session.stop();
      ink.unmount();
    },
  };
};

describe('the screen in Ink', () => {
  it('draws the room, takes keys one by one, and asks the agent', async () => {
    const room = failingRoom();
    const screen = opened(room);
    await screen.shows('NO COMMANDER');
    screen.stdin.write('r');
    await screen.shows('take Incident Commander');
    screen.stdin.write('1');
    await screen.shows('IC ana');
    expect(room.sent).toEqual([{ type: 'claim-role', incident: INCIDENT, role: 'commander' }]);
    screen.end();
  });

  it('takes text in one read as text, and a marked paste nowhere else', async () => {
    const room = failingRoom();
    const screen = opened(room);
    await screen.shows('a ack');
    screen.stdin.write('\u001b[200~aRy\u001b[201~');
    await screen.shows('paste ignored');
    screen.stdin.write('aa');
    await screen.shows('several keys at once');
    screen.stdin.write('n');
    await screen.shows('Enter sends');
    screen.stdin.write('pools exhausted');
    await screen.shows('pools exhausted_');
    screen.stdin.write('\r');
    await screen.shows('note: pools exhausted');
    expect(room.sent).toEqual([{ type: 'add-note', incident: INCIDENT, text: 'pools exhausted' }]);
    screen.end();
  });

  it('is left by q', async () => {
    const screen = opened(calmRoom());
    await screen.shows('nothing is wrong');
    screen.stdin.write('q');
    await screen.session.left;
    screen.end();
  });
});
