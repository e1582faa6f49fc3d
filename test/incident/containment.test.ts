import { describe, expect, it } from 'vitest';
import { ledgerOf } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, SECOND } from '../../src/incident/time.ts';
import { contain, doWhatIsDue, outcome, plan, type RoomUnderTest, roomUnderTest } from '../support/room.ts';

const ID = 'INC-2026-0001';
const text = safeText;
const ask = (name: string, service = 'checkout') =>
  ({ type: 'contain', incident: null, service: text(service), name: text(name), params: {}, arm: true }) as const;

const armed = (room: RoomUnderTest, name: string, service = 'checkout', by = 'ana'): string => {
  const requested = room.does(by, ask(name, service))[0];
  const action = requested?.type === 'action.requested' ? requested.action : '';
  room.agentDoes({ type: 'record-plan', action, plan });
  return action;
};

const declared = (service = 'checkout'): RoomUnderTest => {
  const room = roomUnderTest();
  room.declares([service]);
  return room;
};

describe('containment', () => {
  it('passes through plan, arm, confirm, start and outcome, and enters the ledger', () => {
    const room = declared();
    const action = contain(room);
    expect(room.incident()).toMatchObject({
      phase: 'containment',
      actions: { [action]: { state: { name: 'applied', errorRatioBefore: 0.41 } } },
    });
    expect(ledgerOf(room.incident()).map((entry) => entry.id)).toEqual([action]);
  });

  it.each([
    ['confirm before it is armed', 'confirm', 'not-armed'],
    ['start before it is confirmed', 'start-action', 'already-so'],
    ['record an outcome before it started', 'record-applied', 'already-so'],
  ] as const)('refuses to %s', (_what, type, reason) => {
    const room = declared();
    room.does('ana', { ...ask('circuit-breaker'), arm: false });
    room.agentDoes({ type: 'record-plan', action: 'A1', plan });
    const commands = {
      confirm: { type: 'confirm', action: 'A1', typed: null },
      'start-action': { type: 'start-action', action: 'A1' },
      'record-applied': { type: 'record-applied', action: 'A1', errorRatio: null },
    } as const;
    const asked = type === 'confirm' ? room.asks('ana', commands[type]) : room.agentAsks(commands[type]);
    expect(outcome(asked)).toBe(reason);
  });

  it('lets an arm run out after thirty seconds', () => {
    const room = declared();
    const action = armed(room, 'circuit-breaker');
    room.pass(30_000);
    expect(outcome(room.asks('ana', { type: 'confirm', action, typed: null }))).toBe('arm-expired');
    room.agentDoes({ type: 'expire-arm', action });
    expect(room.incident().actions[action]?.state).toEqual({ name: 'disarmed', reason: 'expired' });
  });

  it('wants the target typed where policy says so, and wherever it is production', () => {
    const room = declared();
    const typed = armed(room, 'scale-down');
    expect(outcome(room.asks('ana', { type: 'confirm', action: typed, typed: text('chekout') }))).toBe(
      'target-not-typed',
    );
    expect(outcome(room.asks('ana', { type: 'confirm', action: typed, typed: text('checkout') }))).toBe('allowed');
    const production = declared('vault');
    const harmless = armed(production, 'restart', 'vault');
    expect(production.incident().actions[harmless]).toMatchObject({ confirm: 'typed', state: { name: 'armed' } });
  });

  it('wants a second person where policy says so', () => {
    const room = declared();
    const action = armed(room, 'block');
    expect(outcome(room.asks('ana', { type: 'confirm', action, typed: null }))).toBe('same-person');
    expect(outcome(room.asks('ben', { type: 'confirm', action, typed: null }))).toBe('allowed');
  });

  it('arms and confirms what is harmless in one commit', () => {
    const room = declared();
    room.does('ana', ask('restart'));
    const events = room.agentDoes({ type: 'record-plan', action: 'A1', plan });
    expect(events.map((event) => event.type)).toEqual(['action.planned', 'action.armed', 'action.confirmed']);
  });

  it('refuses a second one of the same kind while the first is armed or in place', () => {
    const room = declared();
    armed(room, 'circuit-breaker');
    expect(outcome(room.asks('ben', ask('circuit-breaker')))).toBe('action-in-progress');
    const other = declared();
    contain(other);
    expect(outcome(other.asks('ben', ask('circuit-breaker')))).toBe('already-in-place');
  });

  it('names what there is when the service or the action is unknown', () => {
    const room = declared();
    expect(room.asks('ana', ask('reboot'))).toMatchObject({
      refusal: { reason: 'no-such-action', remedy: expect.stringContaining('circuit-breaker') },
    });
    expect(room.asks('ana', ask('circuit-breaker', 'search'))).toMatchObject({
      refusal: { reason: 'no-open-incident' },
    });
    expect(room.asks('ana', ask('circuit-breaker', 'nope'))).toMatchObject({ refusal: { reason: 'no-such-service' } });
  });
});

describe('undo', () => {
  const undo = (room: RoomUnderTest, action: string): string => {
    const requested = room.does('ben', { type: 'undo', action, arm: true })[0];
    return requested?.type === 'action.requested' ? requested.action : '';
  };

  it('passes through the same steps and ends the entry it takes back', () => {
    const room = declared();
    const action = contain(room);
    const back = undo(room, action);
    room.agentDoes({ type: 'record-plan', action: back, plan });
    room.does('ben', { type: 'confirm', action: back, typed: null });
    room.agentDoes({ type: 'start-action', action: back });
    room.agentDoes({ type: 'record-applied', action: back, errorRatio: 0.02 });
    expect(room.incident().actions[action]?.state).toMatchObject({
      name: 'undone',
      by: back,
      errorRatioBefore: 0.41,
      errorRatioAfter: 0.02,
    });
    expect(ledgerOf(room.incident())).toEqual([]);
    expect(outcome(room.asks('ben', { type: 'undo', action, arm: true }))).toBe('not-in-place');
  });

  it('keeps the entry in the ledger when somebody else changed the target', () => {
    const room = declared();
    const action = contain(room);
    const back = undo(room, action);
    room.agentDoes({ type: 'refuse-plan', action: back, reason: 'conflict', detail: 'changed since', changes: [] });
    expect(ledgerOf(room.incident()).map((entry) => entry.id)).toEqual([action]);
    expect(outcome(room.asks('ben', { type: 'undo', action, arm: true }))).toBe('allowed');
  });

  it('is still possible on a resolved incident, and not on a closed one', () => {
    const room = declared();
    const action = contain(room);
    room.does('ana', { type: 'resolve', incident: ID });
    expect(outcome(room.asks('ben', { type: 'undo', action, arm: true }))).toBe('allowed');
  });

  it('is asked for once by an expiry, armed and confirmed by the agent alone', () => {
    const room = declared();
    const action = contain(room);
    expect(outcome(room.agentAsks({ type: 'expire-containment', action }))).toBe('nothing-due');
    room.pass(60 * 60_000);
    room.agentDoes({ type: 'expire-containment', action });
    const events = room.agentDoes({ type: 'record-plan', action: 'A2', plan });
    expect(events.map((event) => event.type)).toEqual(['action.planned', 'action.armed', 'action.confirmed']);
    room.agentDoes({ type: 'start-action', action: 'A2' });
    room.agentDoes({ type: 'record-failed', action: 'A2', reason: 'rejected', detail: 'no' });
    room.pass(60 * 60_000);
    expect(outcome(room.agentAsks({ type: 'expire-containment', action }))).toBe('nothing-due');
    expect(ledgerOf(room.incident()).map((entry) => entry.id)).toEqual([action]);
  });

  it('is asked for again by an expiry that could not reach the target', () => {
    const room = declared();
    const action = contain(room);
    room.pass(60 * 60_000);
    room.agentDoes({ type: 'expire-containment', action });
    room.agentDoes({ type: 'refuse-plan', action: 'A2', reason: 'unreachable', detail: 'refused', changes: [] });
    room.pass(59_000);
    expect(outcome(room.agentAsks({ type: 'expire-containment', action }))).toBe('nothing-due');
    room.pass(1_000);
    expect(outcome(room.agentAsks({ type: 'expire-containment', action }))).toBe('allowed');
  });

  it('outlives a resolution: what takes back is not called off', () => {
    const room = declared();
    const action = contain(room);
    const back = undo(room, action);
    room.does('ana', { type: 'resolve', incident: ID });
    expect(room.incident().actions[back]?.state).toEqual({ name: 'requested' });
  });
});

describe('letting go', () => {
  it('takes an entry out of the ledger with a name and a reason, and the incident can be closed', () => {
    const room = declared();
    const action = contain(room);
    expect(outcome(room.asks('ana', { type: 'let-go', action, reason: text('') }))).toBe('reason-required');
    room.does('ana', { type: 'let-go', action, reason: text('the breaker stays open for good') });
    expect(room.incident().actions[action]?.state).toMatchObject({ name: 'let-go', by: 'ana' });
    room.does('ana', { type: 'resolve', incident: ID });
    room.does('ana', { type: 'close', incident: ID, falseAlarm: false, reason: text('') });
    expect(outcome(room.asks('ana', { type: 'let-go', action, reason: text('x') }))).toBe('not-in-place');
  });
});

describe('two plans of the same action', () => {
  it('are not both armed', () => {
    const room = declared();
    for (const id of ['A1', 'A2']) {
      room.does('ana', { ...ask('circuit-breaker'), arm: false });
      room.agentDoes({ type: 'record-plan', action: id, plan });
    }
    room.does('ana', { type: 'arm', action: 'A1' });
    expect(outcome(room.asks('ben', { type: 'arm', action: 'A2' }))).toBe('action-in-progress');
  });
});

describe('two undos of one containment', () => {
  it('are not armed side by side: the second would take back what is not in place any more', () => {
    const room = declared();
    contain(room);
    for (const action of ['A2', 'A3']) {
      room.does('ana', { type: 'undo', action: 'A1', arm: false });
      room.agentDoes({ type: 'record-plan', action, plan });
    }
    room.does('ana', { type: 'arm', action: 'A2' });
    room.does('ana', { type: 'confirm', action: 'A2', typed: null });
    room.agentDoes({ type: 'start-action', action: 'A2' });
    expect(outcome(room.asks('ben', { type: 'arm', action: 'A3' }))).toBe('action-in-progress');
    room.agentDoes({ type: 'record-unknown', action: 'A2', detail: 'it cannot be read' });
    expect(outcome(room.asks('ben', { type: 'arm', action: 'A3' }))).toBe('action-in-progress');
  });
});

describe('a containment', () => {
  it('whose expiry was planned and not begun in time is asked for again', () => {
    const room = declared();
    contain(room);
    room.pass(HOUR);
    doWhatIsDue(room);
    room.agentDoes({ type: 'record-plan', action: 'A2', plan });
    // The agent is away, or its disk is full.
    room.pass(31 * SECOND);
    doWhatIsDue(room);
    expect(room.incident().actions.A2?.state).toMatchObject({ name: 'disarmed', reason: 'expired' });
    room.pass(MINUTE);
    doWhatIsDue(room);
    expect(room.incident().actions.A3).toMatchObject({ undoes: 'A1', automatic: true, state: { name: 'requested' } });
  });
});
