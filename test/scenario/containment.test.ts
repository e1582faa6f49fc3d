import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerOf } from '../../src/incident/state.ts';
import { ID, type Story, timeline } from '../support/timeline.ts';

let story: Story;
beforeEach(async () => {
  story = await timeline();
  await story
    .person('ana')
    .does({ type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV2' });
});
afterEach(() => story.end());

const contain = {
  type: 'contain',
  incident: null,
  service: 'checkout',
  name: 'circuit-breaker',
  params: {},
  arm: true,
} as const;
const confirm = (action: string) => ({ type: 'confirm', action, typed: null }) as const;
const stateOf = (action: string) => story.incident().actions[action]?.state;

describe('containment', () => {
  it('does nothing before it is confirmed, then applies once and is observed', async () => {
    const { person, at, world } = story;
    await person('ana').does(contain);
    await at(1);
    expect(stateOf('A1')).toMatchObject({ name: 'armed', by: 'ana' });
    expect(world.applied).toBe(0);
    await person('ben').does(confirm('A1'));
    await at(2);
    expect(stateOf('A1')).toMatchObject({ name: 'applied' });
    expect(world).toMatchObject({ enabled: true, applied: 1 });
  });

  it('lets the arm run out by itself', async () => {
    await story.person('ana').does(contain);
    await story.at(31);
    expect(stateOf('A1')).toEqual({ name: 'disarmed', reason: 'expired' });
    expect(story.world.applied).toBe(0);
  });

  it('is taken back to what was there before', async () => {
    const { person, at, world } = story;
    await person('ana').does(contain);
    await at(1);
    await person('ana').does(confirm('A1'));
    await at(2);
    await person('ana').does({ type: 'undo', action: 'A1', arm: true });
    await at(3);
    await person('ana').does(confirm('A2'));
    await at(4);
    expect(stateOf('A1')).toMatchObject({ name: 'undone', by: 'A2' });
    expect(world).toMatchObject({ enabled: false, applied: 2 });
    expect(ledgerOf(story.incident())).toEqual([]);
  });

  it('expires by itself: the agent takes it back after the hour that policy set', async () => {
    const { person, at, world } = story;
    await person('ana').does(contain);
    await at(1);
    await person('ana').does(confirm('A1'));
    await at(3_599);
    expect(world.enabled).toBe(true);
    await at(3_610);
    expect(world).toMatchObject({ enabled: false, applied: 2 });
    expect(stateOf('A1')).toMatchObject({ name: 'undone' });
  });

  it('keeps an arm over a restart, with what was left of it', async () => {
    await story.person('ana').does(contain);
    await story.at(10);
    await story.kill();
    await story.start();
    await story.at(12);
    expect(stateOf('A1')).toMatchObject({ name: 'armed' });
    await story.at(31);
    expect(stateOf('A1')).toMatchObject({ name: 'disarmed' });
  });

  it('looks at the world after a crash behind the effect, and does not apply twice', async () => {
    const { person, at, applying, kill, start, world } = story;
    await person('ana').does(contain);
    await at(1);
    applying('hangs-after-the-effect');
    await person('ana').does(confirm('A1'));
    await at(2);
    expect(stateOf('A1')).toMatchObject({ name: 'started' });
    await kill();
    applying('works');
    await start();
    await at(4);
    expect(stateOf('A1')).toMatchObject({ name: 'applied', errorRatioBefore: null });
    expect(world.applied).toBe(1);
  });

  it('after a crash before the effect waits for what may still come, keeps the entry, and only then says that it failed', async () => {
    const { person, at, applying, kill, start, world } = story;
    await person('ana').does(contain);
    await at(1);
    applying('hangs-before-the-effect');
    await person('ana').does(confirm('A1'));
    await at(2);
    await kill();
    applying('works');
    await start();
    await at(14);
    expect(stateOf('A1')).toMatchObject({ name: 'unknown' });
    expect(ledgerOf(story.incident()).map((entry) => entry.id)).toEqual(['A1']);
    await at(150);
    expect(stateOf('A1')).toMatchObject({ name: 'failed', reason: 'did-not-take-effect' });
    expect(world.applied).toBe(0);
  });

  it('finds a change that came late, after the agent was back', async () => {
    const { person, at, applying, kill, start, world } = story;
    await person('ana').does(contain);
    await at(1);
    applying('hangs-before-the-effect');
    await person('ana').does(confirm('A1'));
    await kill();
    await start();
    await at(20);
    expect(stateOf('A1')).toMatchObject({ name: 'unknown' });
    world.enabled = true;
    await at(30);
    expect(stateOf('A1')).toMatchObject({ name: 'applied' });
  });

  it('waits as long for it where the clock is set on meanwhile', async () => {
    const { person, at, applying, kill, start, clockJumps, world } = story;
    await person('ana').does(contain);
    await at(1);
    applying('hangs-before-the-effect');
    await person('ana').does(confirm('A1'));
    await kill();
    await start();
    await at(20);
    clockJumps(3_600);
    await at(3_640);
    expect(stateOf('A1')).toMatchObject({ name: 'unknown' });
    world.enabled = true;
    await at(3_650);
    expect(stateOf('A1')).toMatchObject({ name: 'applied' });
  });

  it('says unknown while the world cannot be read after a crash, keeps the entry, and finds out later', async () => {
    const { person, at, applying, kill, start, world } = story;
    await person('ana').does(contain);
    await at(1);
    applying('hangs-after-the-effect');
    await person('ana').does(confirm('A1'));
    await kill();
    world.reachable = false;
    await start();
    await at(14);
    expect(stateOf('A1')).toMatchObject({ name: 'unknown' });
    expect(ledgerOf(story.incident()).map((entry) => entry.id)).toEqual(['A1']);
    world.reachable = true;
    await at(24);
    expect(stateOf('A1')).toMatchObject({ name: 'applied' });
    expect(world.applied).toBe(1);
  });

  it('does not carry out a confirmation that is hours old', async () => {
    const { person, at, kill, start, world } = story;
    await person('ana').does(contain);
    await at(1);
    story.holdStarts();
    await person('ana').does(confirm('A1'));
    await kill();
    await at(3 * 3_600);
    await start();
    await at(3 * 3_600 + 5);
    expect(stateOf('A1')).toEqual({ name: 'disarmed', reason: 'expired' });
    expect(world.applied).toBe(0);
  });

  it('ends an entry whose target somebody put back already', async () => {
    const { person, at, world } = story;
    await person('ana').does(contain);
    await at(1);
    await person('ana').does(confirm('A1'));
    await at(2);
    world.enabled = false;
    await person('ana').does({ type: 'undo', action: 'A1', arm: true });
    await at(3);
    expect(stateOf('A2')).toMatchObject({ name: 'refused', reason: 'already-as-before' });
    expect(stateOf('A1')).toMatchObject({ name: 'undone', by: 'A2' });
    expect(world.applied).toBe(1);
  });

  it('survives a driver that throws, and says so', async () => {
    story.applying('throws');
    await story.person('ana').does(contain);
    await story.at(1);
    await story.person('ana').does(confirm('A1'));
    await story.at(2);
    expect(stateOf('A1')).toMatchObject({ name: 'unknown', detail: expect.stringContaining('fault in the driver') });
  });

  it('refuses to close with an entry in place, with the list, and closes once it is taken back', async () => {
    const { person, at } = story;
    await person('ana').does(contain);
    await at(1);
    await person('ana').does(confirm('A1'));
    await at(2);
    await person('ana').does({ type: 'resolve', incident: ID });
    const close = { type: 'close', incident: ID, falseAlarm: false, reason: '' } as const;
    expect(await person('ana').does(close)).toMatchObject({
      ok: false,
      refusal: { reason: 'containment-in-place', actions: ['A1'] },
    });
    await person('ana').does({ type: 'undo', action: 'A1', arm: true });
    await at(3);
    await person('ana').does(confirm('A2'));
    await at(4);
    expect(await person('ana').does(close)).toMatchObject({ ok: true });
  });
});
