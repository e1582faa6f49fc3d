// Owns what every way to reach people must keep, whatever carries it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notifier, OutgoingMessage } from '../../src/agent/notifiers/notifier.ts';
import { safeText } from '../../src/incident/text.ts';

/**
 * What a far end may do to a message, apart from failing in a way that passes and from never answering: refuse it for good while it
 * repeats all that it knows of the request, close the connection in the middle, ask to be left alone for 30 s.
 */
export type Trouble = 'refuse' | 'drop' | 'limitRate';

/** A way to reach people and the far end of it. */
export interface Channel {
  readonly notifier: Notifier;
  /** What arrived, as a reader sees it, oldest first. */
  arrived(): readonly string[];
  /** Texts that no result may hold. */
  readonly secrets: readonly string[];
  /** Makes the far end do so from now on. */
  readonly farEnd: Readonly<Record<'breakDown' | 'hang', () => void>> & Partial<Record<Trouble, () => void>>;
  close(): Promise<void>;
}

export const outgoingMessage = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  kind: 'page',
  id: 'INC-2026-0042/sev1/15min/1/ana',
  to: 'ana',
  text: safeText('SEV1 INC-2026-0042: checkout: 41 % of requests fail'),
  incident: {
    id: 'INC-2026-0042',
    title: safeText('checkout: 41 % of requests fail'),
    severity: 'SEV1',
    services: ['checkout'],
    links: [{ title: 'Runbook of checkout', url: 'https://wiki.example/checkout?a=1&b=2' }],
  },
  level: 'sev1/15min',
  attempt: 1,
  possibleDuplicate: false,
  unrecorded: false,
  ...changes,
});

const HOSTILE =
  '\u001b]52;c;aGk=\u0007a\r\nBcc: eve@example.org\r\n\r\n<b>&"\u202ed\u0000 <!channel> <https://evil.example|x> *b*';

/** A message in which every text is a stranger's, made by somebody who forgot to make it safe. */
const hostileMessage = (text: string): OutgoingMessage =>
  outgoingMessage({
    to: text,
    text: text as OutgoingMessage['text'],
    level: text,
    incident: {
      id: text,
      title: text as OutgoingMessage['text'],
      severity: text,
      services: Array.from({ length: 50 }, () => text),
      links: [
        { title: text, url: text },
        { title: text, url: `javascript:alert("${text}")` },
        {
          title: text,
          url: `https://wiki.example/${'x'.repeat(900)}|>${encodeURIComponent(text.slice(0, 50).toWellFormed())}`,
        },
      ],
    },
  });

export const notifierContract = (
  name: string,
  makeChannel: () => Promise<Channel>,
  troubles: readonly Trouble[] = [],
): void => {
  describe(`notifier contract: ${name}`, () => {
    let channel: Channel;
    beforeEach(async () => {
      channel = await makeChannel();
    });
    afterEach(() => channel.close());

    const send = (outgoing: OutgoingMessage, signal = new AbortController().signal) =>
      channel.notifier.send(outgoing, signal);

    it('a page that is sent arrives once and says who, what and where from', async () => {
      expect(await send(outgoingMessage())).toEqual({ ok: true });
      const [message, ...others] = channel.arrived();
      expect(others).toEqual([]);
      const told = ['page', 'ana', 'sev1/15min', 'INC-2026-0042', 'SEV1', 'checkout: 41 % of requests fail'];
      for (const word of told) expect(message?.toLowerCase()).toContain(word.toLowerCase());
    });

    it.each(['page', 'notice', 'announcement', 'test'] as const)('a %s without an incident arrives', async (kind) => {
      const outgoing = outgoingMessage({ kind, incident: null, level: null, text: safeText('hello, room') });
      expect(await send(outgoing)).toEqual({ ok: true });
      expect(channel.arrived()).toEqual([expect.stringContaining('hello, room')]);
    });

    it('a possible duplicate says so', async () => {
      await send(outgoingMessage());
      await send(outgoingMessage({ possibleDuplicate: true }));
      const [first, second] = channel.arrived();
      expect(second).not.toBe(first);
      expect(second).toMatch(/possible.?duplicate/i);
    });

    it.each([
      ['with escapes, line breaks and markup', HOSTILE],
      ['of a megabyte', HOSTILE.repeat(10_000)],
      ['of nothing but signs that grow when they are escaped', '&'.repeat(5_000)],
      ['in many scripts', '救急 🚑 Ł\u0301 \ud800 اختبار '.repeat(200)],
    ])('text %s arrives harmless', async (_, text) => {
      expect(await send(hostileMessage(text))).toEqual({ ok: true });
      const [message = '', ...others] = channel.arrived();
      expect(others).toEqual([]);
      expect(message).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]|\\u001b|\\u0000|\\r/);
      expect(message).not.toMatch(/^Bcc:/im);
      expect(message.length).toBeLessThan(60_000);
    });

    it('a far end that fails is a failure worth another try, not an exception', async () => {
      channel.farEnd.breakDown();
      const result = await send(outgoingMessage());
      expect(result).toMatchObject({ ok: false, reason: 'unreachable', retry: true });
      for (const secret of channel.secrets) expect(JSON.stringify(result)).not.toContain(secret);
    });

    it('a far end that hangs is given up when the signal says so, and may have read it', async () => {
      channel.farEnd.hang();
      const startedAt = performance.now();
      const result = await send(outgoingMessage(), AbortSignal.timeout(200));
      expect(result).toMatchObject({ ok: false, reason: 'timeout', retry: true, mayHaveArrived: true });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });

    it('what was called off before is a failure and arrives nowhere', async () => {
      expect(await send(outgoingMessage(), AbortSignal.abort())).toMatchObject({
        ok: false,
        reason: 'timeout',
        retry: true,
      });
      expect(channel.arrived()).toEqual([]);
    });

    it.each(troubles)(
      'a far end that does so is a failure with its reason, and no secret is repeated: %s',
      async (trouble) => {
        const make = channel.farEnd[trouble];
        if (make === undefined) throw new Error(`${name} has no way to ${trouble}`);
        make();
        const result = await send(outgoingMessage());
        const expected: Readonly<Record<Trouble, object>> = {
          refuse: { reason: 'rejected', retry: false, retryAfterMs: null },
          drop: { reason: 'unreachable', retry: true },
          limitRate: { reason: 'rate-limited', retry: true, retryAfterMs: 30_000 },
        };
        expect(result).toMatchObject({ ok: false, ...expected[trouble] });
        for (const secret of channel.secrets) expect(JSON.stringify(result)).not.toContain(secret);
      },
    );
  });
};
