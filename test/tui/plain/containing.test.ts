import { describe, expect, it } from 'vitest';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import { arm, commandedRoom } from '../../support/rooms-to-look-at.ts';
import { talker } from './talker.ts';

const stateOf = (room: FakeRoom, id: string): string => room.story.incident().actions[id]?.state.name ?? 'not there';

/** Somebody who has heard the plan of an action of checkout; time has passed since. */
const heardPlan = async (action: string, room = commandedRoom()) => {
  const ana = talker(room);
  const plan = await ana.types(`contain ${action} on checkout`);
  ana.passes(1_000);
  return { room, ana, plan };
};

const armed = async (action: string, room = commandedRoom()) => {
  const { ana } = await heardPlan(action, room);
  const said = await ana.types('arm A1');
  ana.passes(1_000);
  return { room, ana, said };
};

describe('containment by typed words', () => {
  it('offers a numbered list, reads the plan out in full, and has done nothing yet', async () => {
    const room = commandedRoom();
    const ana = talker(room);
    const list = await ana.types('contain');
    expect(list).toMatch(/^ {2}1: circuit-breaker on checkout; circuit breaker$/m);
    expect(list).not.toMatch(/\by\b|card/);
    const plan = await ana.types('1');
    for (const part of [
      'plan A1: circuit-breaker on checkout',
      'changes /enabled, from false to true',
      'touches every request of checkout',
      'same as curl -X PUT',
      'undo: sets /enabled back to false',
      'nothing has happened yet: arm A1 arms it, then confirm A1 does it',
    ])
      expect(plan).toContain(part);
    expect(stateOf(room, 'A1')).toBe('planned');
  });

  it('takes arm, then confirm with the id', async () => {
    const { room, ana, said } = await armed('circuit-breaker');
    expect(said).toMatch(/nothing has happened yet: confirm A1 does it, before \d\d:/);
    expect(stateOf(room, 'A1')).toBe('armed');
    await ana.types('confirm A1');
    expect(stateOf(room, 'A1')).toBe('applied');
  });

  it.each(['', ' ', 'y', 'yes', 'confirm', 'A1', 'confirm A', 'confirm A2', 'confirmA1', 'ok'])(
    'is not confirmed by "%s"',
    async (line) => {
      const { room, ana } = await armed('circuit-breaker');
      await ana.types(line);
      expect(stateOf(room, 'A1')).toBe('armed');
    },
  );

  it('is not confirmed by a paste, nor by what came before the arm was told', async () => {
    const { room, ana } = await heardPlan('circuit-breaker');
    expect(await ana.pastes('arm A1')).toContain('too soon');
    expect(stateOf(room, 'A1')).toBe('planned');
    await ana.types('arm A1');
    expect(await ana.types('confirm A1')).toContain('too soon');
    ana.passes(399);
    expect(await ana.types('confirm A1')).toContain('too soon');
    ana.passes(1);
    expect(await ana.pastes('confirm A1')).toContain('too soon');
    expect(stateOf(room, 'A1')).toBe('armed');
    await ana.types('confirm A1');
    expect(stateOf(room, 'A1')).toBe('applied');
  });

  it('reads the plan first to whoever has not heard it', async () => {
    const room = commandedRoom('ben');
    const id = arm(room, 'circuit-breaker', 'ana');
    const ben = talker(room);
    expect(await ben.types(`confirm ${id}`)).toContain('the plan first:\nplan A1: circuit-breaker on checkout');
    expect(stateOf(room, id)).toBe('armed');
    ben.passes(1_000);
    await ben.types(`confirm ${id}`);
    expect(stateOf(room, id)).toBe('applied');
  });

  it('asks for the name where policy wants it typed, and takes nothing else', async () => {
    const { room, ana } = await armed('scale-down');
    expect(await ana.types('confirm A1')).toContain('type the name checkout to confirm A1');
    for (const wrong of ['yes', 'payments', 'Checkout', 'A1'])
      expect(await ana.types(wrong), wrong).toContain('that is not the name: type checkout');
    expect(await ana.pastes('checkout')).toContain('type checkout by itself');
    expect(stateOf(room, 'A1')).toBe('armed');
    expect(await ana.types('')).toBe('left: nothing was done');
    expect(await ana.types('checkout')).toContain('there is no word checkout');
    expect(stateOf(room, 'A1')).toBe('armed');
    await ana.types('confirm A1');
    await ana.types('checkout');
    expect(stateOf(room, 'A1')).toBe('applied');
    expect(room.sent.at(-1)).toEqual({ type: 'confirm', action: 'A1', typed: 'checkout' });
  });

  it('takes the name on the same line, too', async () => {
    const { room, ana } = await armed('scale-down');
    expect(await ana.types('confirm A1 payments')).toContain('that is not the name');
    await ana.types('confirm A1 checkout');
    expect(stateOf(room, 'A1')).toBe('applied');
  });

  it('lets nobody be caught in the question for a name', async () => {
    const { ana } = await armed('scale-down');
    await ana.types('confirm A1');
    expect(await ana.types('status')).toContain('1 open incident');
    expect(ana.memory().question).toBeNull();
  });

  it('is not confirmed by the one who armed it where two persons are wanted', async () => {
    const { room, ana, said } = await armed('block');
    expect(said).toContain('a second person confirms it');
    expect(await ana.types('confirm A1')).toContain('you armed A1: a second person confirms it');
    expect(stateOf(room, 'A1')).toBe('armed');
  });

  it('does at once, by its arm, what policy marks harmless, and says so before', async () => {
    const { room, ana, plan } = await heardPlan('restart');
    expect(plan).toContain('arm A1 does it at once');
    expect(stateOf(room, 'A1')).toBe('planned');
    await ana.types('arm A1');
    expect(stateOf(room, 'A1')).toBe('confirmed');
  });

  it('takes an arm back, and says what cannot be', async () => {
    const { room, ana } = await armed('circuit-breaker');
    await ana.types('cancel');
    expect(stateOf(room, 'A1')).toBe('disarmed');
    expect(await ana.types('confirm A1')).toContain('A1 is disarmed, not armed');
    expect(await ana.types('cancel')).toContain('nothing of yours');
    expect(await ana.types('cancel A1')).toContain('refused: A1 is disarmed');
    expect(await ana.types('arm A9')).toContain('there is no A9');
  });

  it('undoes by id or from the list, through the same steps', async () => {
    const { room, ana } = await armed('circuit-breaker');
    await ana.types('confirm A1');
    expect(await ana.types('undo 1')).toContain('plan A2: undo A1');
    ana.passes(1_000);
    await ana.types('cancel');
    expect(await ana.types('undo')).toContain('1: A1 ');
    await ana.types('1');
    ana.passes(1_000);
    await ana.types('arm');
    ana.passes(1_000);
    await ana.types('confirm A3');
    expect(stateOf(room, 'A1')).toBe('undone');
  });

  it('takes what stays out of the ledger, with a reason', async () => {
    const { room, ana } = await armed('circuit-breaker');
    await ana.types('confirm A1');
    expect(await ana.types('let-go A1')).toContain('why does it stay?');
    await ana.types('it stays until Monday');
    expect(room.sent.at(-1)).toEqual({ type: 'let-go', action: 'A1', reason: 'it stays until Monday' });
  });

  it('is not asked of an agent that cannot be reached, now or later', async () => {
    const { room, ana } = await armed('circuit-breaker');
    room.connection({ name: 'stale', sinceMs: room.now() - 5_000, attempt: 2 });
    const before = room.sent.length;
    for (const line of ['confirm A1', 'ack', 'note hello', 'cancel A1'])
      expect(await ana.types(line)).toContain('not done: the agent has not answered for 5 s');
    expect(room.sent.length).toBe(before);
    expect(stateOf(room, 'A1')).toBe('armed');
  });

  it('names what is in the way of a choice', async () => {
    const { ana } = await armed('circuit-breaker');
    expect(await ana.types('contain')).toContain('circuit-breaker on checkout; not now: A1 is armed');
    expect(await ana.types('1')).toContain('not now: A1 is armed');
  });
});
