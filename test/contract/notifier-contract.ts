// Owns what every page channel must keep, whatever carries it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notifier, OutgoingPage } from '../../src/agent/notifiers/notifier.ts';

/** A channel and the far end of it. */
export interface Channel {
  readonly notifier: Notifier;
  /** What arrived, as text, oldest first. */
  arrived(): readonly string[];
  /** From now on the far end fails in a way that passes. */
  breakDown(): void;
  close(): Promise<void>;
}

export const outgoingPage = (changes: Partial<OutgoingPage> = {}): OutgoingPage => ({
  page: {
    page: 'INC-2026-0042/sev1/15min/1/ana',
    level: 'sev1/15min',
    attempt: 1,
    contact: 'ana',
    channel: 'webhook',
    kind: 'page',
    requestedAt: '2026-11-22T03:00:00.000Z',
    state: 'pending',
    tries: 0,
    retryAt: null,
    reason: null,
    sentAt: null,
    tookMs: null,
    possibleDuplicate: false,
    mayHaveArrived: false,
  },
  incident: { id: 'INC-2026-0042', title: 'checkout: 41 % of requests fail', severity: 'SEV1', services: ['checkout'] },
  idempotencyKey: 'key-1',
  possibleDuplicate: false,
  ...changes,
});

export const notifierContract = (name: string, makeChannel: () => Promise<Channel>): void => {
  describe(`notifier contract: ${name}`, () => {
    let channel: Channel;
    beforeEach(async () => {
      channel = await makeChannel();
    });
    afterEach(() => channel.close());

    const send = (outgoing: OutgoingPage, signal = new AbortController().signal) =>
      channel.notifier.send(outgoing, signal);

    it('a page that is sent arrives once and says who, what and where from', async () => {
      expect(await send(outgoingPage())).toEqual({ ok: true });
      const [message, ...others] = channel.arrived();
      expect(others).toEqual([]);
      const { page, incident } = outgoingPage();
      const told = [page.page, page.kind, page.contact, page.level, incident.id, incident.severity, incident.title];
      for (const word of [...told, 'checkout']) expect(message).toContain(word);
    });

    it('a possible duplicate says so', async () => {
      await send(outgoingPage());
      await send(outgoingPage({ possibleDuplicate: true }));
      const [first, second] = channel.arrived();
      expect(second).not.toBe(first);
      expect(second).toMatch(/possible.?duplicate/i);
    });

    it('text from outside arrives without escapes and line breaks', async () => {
      const incident = { ...outgoingPage().incident, title: 'a\u001b]52;c;aGk=\u0007b\nc\u202ed' };
      expect(await send(outgoingPage({ incident }))).toEqual({ ok: true });
      const [message = ''] = channel.arrived();
      expect(message).toContain('ab cd');
      expect(message).not.toMatch(/[\u0000-\u001f\u202e]|\\u001b|\\n/);
    });

    it('a far end that fails is a failure worth another try, not an exception', async () => {
      channel.breakDown();
      expect(await send(outgoingPage())).toMatchObject({ ok: false, reason: 'unreachable', retry: true });
    });

    it('what was called off before is a failure and arrives nowhere', async () => {
      expect(await send(outgoingPage(), AbortSignal.abort())).toMatchObject({
        ok: false,
        reason: 'timeout',
        retry: true,
      });
      expect(channel.arrived()).toEqual([]);
    });
  });
};
