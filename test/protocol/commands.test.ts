// What is asked for and what is answered: rules C1 to C4, C6, Q1 to Q3, V1, V4 and P5 of docs/protocol.md, over a real agent.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentMessage } from '../../src/protocol/messages.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { type BareTerminal, bareTerminal, helloOf, localTokenOf, type MessageOf } from '../support/bare-terminal.ts';
import { until } from '../support/until.ts';

let agent: AgentUnderTest;
let token: string;
beforeEach(async () => {
  agent = await agentUnderTest();
  token = await localTokenOf(agent.stateDirectory);
});
afterEach(() => agent.clear());

const comes = (name: string, more: object = {}): Promise<BareTerminal> =>
  bareTerminal(agent.url, helloOf(token, { name, ...more }));
const resultOf = (terminal: BareTerminal, id: string): Promise<MessageOf<'result'>> =>
  terminal.hears('result', (message) => message.id === id);
let asked = 0;
const asks = async (
  terminal: BareTerminal,
  command: object,
  id = `command-${asked++}`,
): Promise<MessageOf<'result'>> => {
  terminal.says({ type: 'command', id, command });
  return resultOf(terminal, id);
};
const declare = (more: object = {}) => ({
  type: 'declare',
  title: 'it fails',
  services: ['checkout'],
  severity: 'SEV3',
  ...more,
});
const note = (incident: string, text: string) => ({ type: 'add-note', incident, text });
const subjectOf = ({ result }: MessageOf<'result'>): string =>
  result.ok ? (result.subject ?? '') : result.refusal.reason;
const isCommitOf = (id: string) => (message: AgentMessage) =>
  message.type === 'events' && message.commits.some(({ commandId }) => commandId === id);

describe('a command', () => {
  it('[C1] [C2] has one result, and what it made comes before it', async () => {
    const ana = await comes('ana');
    const incident = subjectOf(await asks(ana, declare(), 'declare-0'));
    for (let count = 0; count < 20; count++)
      ana.says({ type: 'command', id: `note-000${count}`, command: note(incident, 'n') });
    await resultOf(ana, 'note-00019');
    for (const id of ['declare-0', ...Array.from({ length: 20 }, (_, count) => `note-000${count}`)]) {
      const results = ana.heard.filter((message) => message.type === 'result' && message.id === id);
      expect([id, results.length]).toEqual([id, 1]);
      const told = ana.heard.findIndex(isCommitOf(id));
      expect(told).toBeGreaterThan(-1);
      expect(told).toBeLessThan(ana.heard.indexOf(results[0] as AgentMessage));
    }
  });

  it('[C3] that succeeded is done once, over a reconnect and a restart; a refused one is decided anew', async () => {
    const ana = await comes('ana');
    expect(subjectOf(await asks(ana, { type: 'acknowledge', incident: 'INC-1999-0001' }, 'refused-1'))).toBe(
      'no-such-incident',
    );
    const first = await asks(ana, declare(), 'declare-1');
    ana.socket.terminate();
    const again = await comes('ana');
    expect(await asks(again, declare(), 'declare-1')).toEqual(first);
    await agent.stop();
    await agent.start();
    const later = await comes('ana');
    expect(await asks(later, declare(), 'declare-1')).toEqual(first);
    expect((await later.hears('welcome')).room?.incidents).toHaveProperty(subjectOf(first));
    expect(Object.keys((await later.hears('welcome')).room?.incidents ?? {})).toHaveLength(1);
    expect((await asks(later, { type: 'acknowledge', incident: subjectOf(first) }, 'refused-1')).result.ok).toBe(true);
  });

  it('[C3] that is said twice before it is durable is done once too', async () => {
    const ana = await comes('ana');
    const ben = await comes('ben');
    for (const one of [ana, ben, ana]) one.says({ type: 'command', id: 'declare-2', command: declare() });
    const results = [await resultOf(ana, 'declare-2'), await resultOf(ben, 'declare-2')];
    expect(results[0]).toEqual(results[1]);
    expect(Object.keys((await (await comes('eve')).hears('welcome')).room?.incidents ?? {})).toHaveLength(1);
  });

  it('[C4] is asked by the name of its session, whatever else stands in it', async () => {
    const ana = await comes('ana');
    const incident = subjectOf(await asks(ana, declare()));
    await asks(ana, { type: 'acknowledge', incident });
    ana.says({
      type: 'command',
      id: 'as-ben-01',
      command: note(incident, 'hi'),
      actor: { kind: 'person', name: 'ben' },
    });
    await resultOf(ana, 'as-ben-01');
    const { commits } = (await ana.hears('events', isCommitOf('as-ben-01'))) as MessageOf<'events'>;
    expect(commits[0]?.actor).toMatchObject({ kind: 'person', name: 'ana' });
  });

  it('[C6] is decided in the order in which it came, also when all came at once', async () => {
    const ana = await comes('ana');
    const incident = subjectOf(await asks(ana, declare()));
    const ids = Array.from({ length: 40 }, (_, count) => `in-order-${count}`);
    for (const id of ids) ana.says({ type: 'command', id, command: note(incident, id) });
    const results = await Promise.all(ids.map((id) => resultOf(ana, id)));
    const seqs = results.map(({ result }) => (result.ok ? result.seq : 0));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(ids.length);
  });
});

describe('what is private', () => {
  it('[V1] [V4] is in nothing that others hear, are answered or are welcomed with', async () => {
    const ana = await comes('ana');
    const eve = await comes('eve');
    const incident = subjectOf(await asks(ana, declare({ title: 'keys leaked', people: ['ben'] })));
    await asks(ana, note(incident, 'rotate the keys'));
    ana.says({ type: 'looking', at: 'room', incident });
    const ben = await comes('ben');
    expect((await ben.hears('welcome')).room?.incidents).toHaveProperty(incident);
    await ben.hears('presence', ({ people }) => people.some((one) => one.incident === incident));
    for (const [id, command] of [
      ['eve-note-1', note(incident, 'what is it?')],
      ['eve-ack-01', { type: 'acknowledge', incident }],
      ['eve-named-1', { type: 'set-people', incident, people: ['eve'] }],
    ] as const)
      expect(subjectOf(await asks(eve, command, id))).toBe('no-such-incident');
    eve.says({ type: 'ask', id: 'eve-asks-1', question: { about: 'incident', incident } });
    expect(await eve.hears('answer')).toMatchObject({ answer: { about: 'incident', incident: null } });
    const later = await comes('eve');
    await later.hears('presence', ({ people }) => people.length === 4);
    const heard = JSON.stringify([eve.heard.filter(({ type }) => type !== 'result'), later.heard]);
    expect(heard).not.toMatch(/keys leaked|rotate the keys/);
    expect(heard).not.toContain(incident);
  });

  it('[P5] is no place that others see somebody at, and nor is an incident that there is not', async () => {
    const ana = await comes('ana');
    const incident = subjectOf(await asks(ana, declare()));
    const eve = await comes('eve');
    ana.says({ type: 'looking', at: 'room', incident });
    await eve.hears('presence', ({ people }) => people[0]?.incident === incident);
    ana.says({ type: 'looking', at: 'timeline', incident: 'INC-1999-0001' });
    const { people } = await eve.hears('presence', (message) => message.people[0]?.at === 'timeline');
    expect(people[0]?.incident).toBeNull();
  });
});

describe('a question', () => {
  it('[Q1] [Q2] is answered from the archive', async () => {
    const ana = await comes('ana');
    ana.says({ type: 'ask', id: 'question-1', question: { about: 'archive', words: 'checkout', limit: 200 } });
    ana.says({ type: 'ask', id: 'question-2', question: { about: 'incident', incident: 'INC-1999-0001' } });
    expect(await ana.hears('answer', ({ id }) => id === 'question-1')).toMatchObject({
      answer: { about: 'archive', cards: [], total: 0 },
    });
    expect(await ana.hears('answer', ({ id }) => id === 'question-2')).toMatchObject({
      answer: { about: 'incident', incident: null },
    });
  });

  it.each([
    ['more cards than there are in an answer', { about: 'archive', words: '', limit: 201 }],
    ['a path', { about: 'incident', incident: '../../token'.padEnd(60, 'x') }],
    ['the weather', { about: 'weather' }],
  ])('[Q3] about %s is answered too', async (_what, question) => {
    const ana = await comes('ana');
    ana.says({ type: 'ask', id: 'question-3', question });
    expect(await ana.hears('answer')).toMatchObject({
      id: 'question-3',
      answer: { about: 'refused', refusal: { reason: 'not-understood' } },
    });
    await until('the socket is open', () => ana.socket.readyState === ana.socket.OPEN);
  });
});
