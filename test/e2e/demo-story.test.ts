// Owns the proof of the main job: the demo, from calm to closed, by keys alone, read from a real terminal.
import { describe, expect, it } from 'vitest';
import { KEYS } from '../support/pty.ts';
import { all, errorsAbove, errorsBelow, errorsBelowLimit, type Responder, responder } from './responder.ts';
import { isRunning, openScene, type Scene, setFault } from './scene.ts';

const LEAVES_ALTERNATE_SCREEN = '\u001b[?1049l';

const seesItFail = async (ana: Responder): Promise<void> => {
  await ana.sees(all('nothing is wrong', /5 services measured/, 'live'), 30_000);
  await ana.sees(all(/^ SEV2 +INC-\d{4}-0001/m, 'NO COMMANDER', 'TRIAGE', 'ESCALATION SEV2'), 60_000);
  await ana.sees(errorsAbove('checkout', 30), 30_000);
};

const takesCommandAndAcknowledges = async (ana: Responder): Promise<void> => {
  await ana.does('r', all('take Incident Commander', 'take Technical Lead'));
  await ana.does('1', all('IC ana', 'took command'));
  expect(ana.terminal.screen().join('\n')).not.toContain('NO COMMANDER');
  await ana.does('a', all(/held by ana until \d\d:\d\d:\d\d/, 'acknowledged'));
};

const writesNote = async (ana: Responder, text: string): Promise<void> => {
  await ana.does('n', 'Note for INC');
  await ana.does(text, `${text}_`);
  await ana.does(KEYS.enter, all(`note: ${text}`, 'the note is in the timeline'));
};

/** Opens the menu, arms the action; its card is on the screen and nothing has happened. */
const arms = async (ana: Responder, action: string): Promise<void> => {
  const menu = await ana.does('c', all('Contain:', `${action} on checkout`));
  const key = menu.join('\n').match(new RegExp(`(\\S) ${action} on checkout`))?.[1];
  expect(key).toBeDefined();
  await ana.does(key ?? '', all('ARMED by ana: nothing has happened yet', /confirm within 00:\d\d/));
};

const onlyYConfirms = async (ana: Responder): Promise<void> => {
  await ana.does(KEYS.enter, 'Enter never confirms');
  ana.terminal.paste('y');
  await ana.sees('paste ignored');
  await ana.does('yyy', 'several keys at once do nothing');
  await ana.does(' ', 'ARMED by ana: nothing has happened yet');
};

const documentOf = async (scene: Scene, control: string): Promise<unknown> =>
  (await fetch(new URL(`/control/checkout/${control}`, await scene.shopAdmin()))).json();

const containsWithTheBreaker = async (ana: Responder, scene: Scene): Promise<void> => {
  await arms(ana, 'circuit-breaker');
  await ana.sees(all('enabled: false → true', 'same as', 'undo', 'taken back by itself'));
  await onlyYConfirms(ana);
  expect(await documentOf(scene, 'circuit-breaker')).toEqual({ enabled: false });
  await ana.confirms(all('A1 applied', 'APPLIED and observed'));
  expect(await documentOf(scene, 'circuit-breaker')).toEqual({ enabled: true });
  // A broken release breaks a little on the short path too: far better, not yet well.
  await ana.does('h', errorsBelow('checkout', 5), 60_000);
  await ana.sees(all('IN PLACE 1', /A1 +circuit-breaker checkout +ana/, /\d+ % → \d/, /expires 00:5\d:\d\d/));
};

const isNotLetClose = async (ana: Responder): Promise<void> => {
  await ana.does('R', all('Resolve INC', 'STILL IN PLACE', /A1 +circuit-breaker on checkout/));
  await ana.confirms(all('RESOLVED', 'ESCALATION over'));
  await ana.does('C', all('Close INC', /A1 +circuit-breaker on checkout/));
  await ana.confirms(all('REFUSED', 'A1'));
  await ana.does('x', all('RESOLVED', 'IN PLACE 1'));
};

const takesBackAndSeesTheFaultReturn = async (ana: Responder, scene: Scene): Promise<void> => {
  await ana.does('u', all('ARMED by ana', 'enabled: true → false'));
  expect(await documentOf(scene, 'circuit-breaker')).toEqual({ enabled: true });
  await ana.confirms('A1 is taken back');
  expect(await documentOf(scene, 'circuit-breaker')).toEqual({ enabled: false });
  await ana.does('h', all('IN PLACE nothing'));
  await ana.sees(errorsAbove('checkout', 20), 60_000);
};

const rollsBackThenRepairs = async (ana: Responder, scene: Scene): Promise<void> => {
  await arms(ana, 'rollback');
  await ana.confirms('APPLIED and observed');
  await ana.does('h', errorsBelowLimit('checkout'), 60_000);
  await setFault(scene, null);
  await ana.does('u', 'ARMED by ana');
  await ana.confirms('is taken back');
  await ana.does('h', 'IN PLACE nothing');
};

describe('the demo', () => {
  it('is played from failure to close by keys alone at 80x24', async () => {
    const scene = await openScene();
    const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24, args: ['demo'] }));
    await seesItFail(ana);
    await takesCommandAndAcknowledges(ana);
    await writesNote(ana, 'release 2026.11.22-3 went out just before');
    await containsWithTheBreaker(ana, scene);
    await isNotLetClose(ana);
    await takesBackAndSeesTheFaultReturn(ana, scene);
    await ana.sees(all('reopened', 'TRIAGE'), 60_000);
    await rollsBackThenRepairs(ana, scene);

    await ana.does('R', all('Resolve INC'));
    expect(ana.terminal.screen().join('\n')).not.toContain('STILL IN PLACE');
    await ana.confirms('RESOLVED');
    await ana.sees(errorsBelowLimit('checkout'), 30_000);
    await ana.does('C', 'Close INC');
    await ana.confirms(all('is closed', 'nothing is wrong'));

    const shop = await scene.shopPid();
    expect(shop).not.toBeNull();
    ana.terminal.press('q');
    expect(await ana.terminal.exit).toEqual({ code: 0, signal: 0 });
    expect(ana.terminal.raw()).toContain(LEAVES_ALTERNATE_SCREEN);
    expect(ana.terminal.isAlternate()).toBe(false);
    expect(ana.terminal.screen().join('\n')).toContain('no incident');
    expect(isRunning(shop ?? 0)).toBe(false);
  });

  it('is contained and taken back at 120x35', async () => {
    const scene = await openScene();
    const ana = responder(scene.terminal({ name: 'ana', columns: 120, rows: 35, args: ['demo'] }));
    await ana.sees('nothing is wrong');
    await setFault(scene, 'bad-deploy');
    await seesItFail(ana);
    await containsWithTheBreaker(ana, scene);
    await takesBackAndSeesTheFaultReturn(ana, scene);
    ana.terminal.press('q');
    expect((await ana.terminal.exit).code).toBe(0);
    expect(ana.terminal.screen().join('\n')).toMatch(/INC-\d{4}-0001 +SEV2/);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'told to end by %s, gives the terminal back and takes its shop with it',
    async (signal) => {
      const scene = await openScene();
      const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24, args: ['demo'] }));
      await ana.sees('nothing is wrong');
      const shop = await scene.shopPid();
      process.kill(ana.terminal.pid, signal);
      expect(await ana.terminal.exit).toEqual({ code: 0, signal: 0 });
      expect(ana.terminal.isAlternate()).toBe(false);
      expect(ana.terminal.screen().join('\n')).toContain('the demo ends, with its agent and its shop');
      expect(isRunning(shop ?? 0)).toBe(false);
      expect(await scene.shopPid()).toBeNull();
    },
  );
});
