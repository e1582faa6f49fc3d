// Owns the proof that three people at three terminals share one room: what one does, all see, and scripts read the same.
import { describe, expect, it } from 'vitest';
import type { Screen } from '../support/pty.ts';
import { all, type Responder, responder } from './responder.ts';
import { openScene } from './scene.ts';

const secondsLeft = (screen: Screen): number | null => {
  const found = /ana armed circuit-breaker on checkout \(A1\): 00:(\d\d)/.exec(screen.join('\n'));
  return found === null ? null : Number(found[1]);
};

/** Both the arm and its clock: the second look shows less time than the first. */
const seesCountdown = async ({ sees }: Responder): Promise<void> => {
  const first = secondsLeft(await sees((screen) => secondsLeft(screen) !== null));
  await sees((screen) => (secondsLeft(screen) ?? 99) < (first ?? 0));
};

const timelineOf = (screen: Screen): Screen => {
  const start = screen.findIndex((row) => row.includes('TIMELINE'));
  return start === -1 ? [] : screen.slice(start + 1).filter((row) => /^ \d\d:\d\d:\d\d /.test(row));
};

describe('three terminals on one agent', () => {
  it('show one room: who holds what, who armed what and for how long, and what came of it', async () => {
    const scene = await openScene();
    await scene.start(['demo', '--headless'], 'demo: room at');
    const declared = await scene.run(
      ['declare', '--service', 'checkout', '--title', 'customers cannot pay', '--severity', 'sev2'],
      'dora',
    );
    expect(declared).toMatchObject({ code: 0, stderr: '' });

    const [ana, ben, chris] = [
      responder(scene.terminal({ name: 'ana', columns: 80, rows: 24 })),
      responder(scene.terminal({ name: 'ben', columns: 120, rows: 35 })),
      responder(scene.terminal({ name: 'chris', columns: 80, rows: 24 })),
    ];
    const everybody = [ana, ben, chris];
    const allSee = (...wanted: readonly (string | RegExp)[]): Promise<unknown> =>
      Promise.all(everybody.map(({ sees }) => sees(all(...wanted))));
    await allSee(/SEV2 +INC-\d{4}-0001 +customers cannot pay/, 'NO COMMANDER');

    for (const [who, key] of [
      [ana, '1'],
      [ben, '2'],
      [chris, '5'],
    ] as const) {
      await who.does('r', 'take a free one');
      await who.does(key, 'TIMELINE');
    }
    await allSee('IC ana', 'tech ben', 'on-call chris');

    await ana.does('c', '1 circuit-breaker on checkout');
    await ana.does('1', 'ARMED by ana: nothing has happened yet');
    await Promise.all([seesCountdown(ben), seesCountdown(chris)]);
    await ben.does('v', all('ARMED by ana', 'enabled: false → true', /confirm within 00:\d\d/));
    await ben.confirms('APPLIED and observed');
    await ana.sees('APPLIED and observed');
    await ana.does('h', 'TIMELINE');
    await ben.does('h', 'TIMELINE');
    await allSee('IN PLACE 1', /A1 +circuit-breaker checkout +ben/, /ben +confirmed circuit-breaker/);

    await chris.does('n', 'Note for');
    await chris.does('payments answers again', 'payments answers again_');
    await chris.does('\r', 'note: payments answers again');
    await allSee('note: payments answers again');
    const seen = timelineOf(chris.terminal.screen());
    await ana.sees((screen) => timelineOf(screen).join('\n') === seen.join('\n'));

    const { incidents } = await scene.status();
    expect(incidents).toMatchObject([
      {
        title: 'customers cannot pay',
        severity: 'SEV2',
        phase: 'containment',
        commander: 'ana',
        ledger: [{ id: 'A1', action: 'circuit-breaker', service: 'checkout', owner: 'ben', state: 'applied' }],
      },
    ]);
  });
});
