import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SmtpServer } from '../../src/agent/config/config.ts';
import { emailNotifier } from '../../src/agent/notifiers/email.ts';
import type { OutgoingMessage } from '../../src/agent/notifiers/notifier.ts';
import { safeText } from '../../src/incident/text.ts';
import { outgoingMessage } from '../contract/notifier-contract.ts';
import { hasMailServer, type MailServer, startMailServer } from '../support/mail-server.ts';
import { until } from '../support/until.ts';

describe.skipIf(!hasMailServer())('e-mail through a real mail server', () => {
  let server: MailServer;
  const usual = getCACertificates('default');

  beforeAll(async () => {
    server = await startMailServer();
    setDefaultCACertificates([...usual, server.certificate]);
  });
  afterAll(async () => {
    setDefaultCACertificates(usual);
    await server?.stop();
  });

  const send = (
    to: readonly string[],
    {
      outgoing = {},
      smtp = {},
    }: { readonly outgoing?: Partial<OutgoingMessage>; readonly smtp?: Partial<SmtpServer> } = {},
  ) =>
    emailNotifier({
      address: () => ({ to }),
      server: () => ({
        host: '127.0.0.1',
        port: server.port,
        security: 'none',
        user: null,
        password: null,
        from: 'War Room <warroom@war.test>',
        timeoutMs: 10_000,
        ...smtp,
      }),
    }).send(outgoingMessage(outgoing), new AbortController().signal);

  const arrived = (mailbox: string, subject: string) =>
    until(`mail for ${mailbox}: ${subject}`, async () =>
      (await server.mailbox(mailbox)).find((mail) => mail.header('subject') === subject),
    );

  it('a page arrives with its subject, its id and what it says', async () => {
    expect(await send(['ana@war.test'])).toEqual({ ok: true });
    const mail = await arrived('ana', '[SEV1] INC-2026-0042 checkout: 41 % of requests fail');
    expect(mail.header('message-id')).toMatch(/^<warroom\.[0-9a-f]{40}@war\.test>$/);
    expect(mail.header('references')).toMatch(/^<warroom\.[0-9a-f]{40}@war\.test>$/);
    expect(mail.header('from')).toBe('War Room <warroom@war.test>');
    expect(mail.header('importance')).toBe('high');
    expect(mail.text).toContain('Page for ana: level sev1/15min, attempt 1.');
    expect(mail.html).toContain('<a href="https://wiki.example/checkout?a=1&amp;b=2">Runbook of checkout</a>');
  });

  it('an announcement arrives in one mail for several, in any script, with nothing of a stranger in its headers', async () => {
    const text = safeText('Zahlungen gehen wieder: 救急\r\nBcc: eve@war.test <script>');
    const outgoing = { kind: 'announcement' as const, to: 'stakeholders', level: null, text };
    expect(await send(['stakeholders@war.test', 'ben@war.test'], { outgoing })).toEqual({ ok: true });
    const subject = '[SEV1] INC-2026-0042 Zahlungen gehen wieder: 救急 Bcc: eve@war.test <script>';
    const [one, other] = [await arrived('stakeholders', subject), await arrived('ben', subject)];
    expect(one.header('message-id')).toBe(other.header('message-id'));
    expect(one.header('bcc')).toBeNull();
    expect(one.html).not.toContain('<script');
    expect(one.text).toContain('救急');
  });

  it('a repeat has the same id', async () => {
    const outgoing = { incident: null, kind: 'test' as const, text: safeText('tried twice') };
    await send(['ben@war.test'], { outgoing });
    await send(['ben@war.test'], { outgoing: { ...outgoing, attempt: 2, possibleDuplicate: true } });
    const ids = await until('both tries', async () => {
      const tries = (await server.mailbox('ben')).filter((mail) => mail.header('subject') === 'tried twice');
      return tries.length === 2 ? tries.map((mail) => mail.header('message-id')) : null;
    });
    expect(ids[0]).toBe(ids[1]);
  });

  it.each(['starttls', 'tls'] as const)('with %s and a login it arrives encrypted', async (security) => {
    const smtp = { ...server.login, security, port: security === 'tls' ? server.tlsPort : server.port };
    const outgoing = { incident: null, kind: 'test' as const, text: safeText(`over ${security}`) };
    expect(await send(['ana@war.test'], { smtp, outgoing })).toEqual({ ok: true });
    const mail = await arrived('ana', `over ${security}`);
    expect(mail.header('received')).toContain('with esmtpsa');
  });

  it('a server by its name is found by the system, and its certificate must be for that name', async () => {
    const smtp = { ...server.login, security: 'starttls' as const, host: 'localhost' };
    const outgoing = { incident: null, kind: 'test' as const, text: safeText('by name') };
    expect(await send(['ana@war.test'], { smtp, outgoing })).toEqual({ ok: true });
    const wrongName = await send(['ana@war.test'], { smtp: { ...smtp, host: '127.0.0.2' } });
    expect(wrongName).toMatchObject({ ok: false, reason: 'unreachable', retry: true });
  });

  it('a wrong password and a missing login are refused for good, and the password is not repeated', async () => {
    const smtp = { security: 'tls' as const, port: server.tlsPort };
    const wrong = await send(['ana@war.test'], { smtp: { ...smtp, user: 'warroom', password: 'wr0ng-password' } });
    expect(wrong).toMatchObject({ ok: false, reason: 'rejected', retry: false });
    expect(JSON.stringify(wrong)).not.toContain('wr0ng');
    const missing = await send(['ana@war.test'], { smtp });
    expect(missing).toMatchObject({ ok: false, reason: 'rejected', detail: expect.stringContaining('log in first') });
  });

  it('an unknown recipient is refused for good; beside a known one it is a warning', async () => {
    expect(await send(['nobody@war.test'])).toMatchObject({
      ok: false,
      reason: 'rejected',
      retry: false,
      detail: expect.stringContaining('no such user here'),
    });
    expect(await send(['nobody@war.test', 'ana@elsewhere.test', 'ana@war.test'])).toEqual({
      ok: true,
      warning: expect.stringMatching(/^2 of 3 recipients refused: 550 no such user here/),
    });
  });

  it('a server that takes too long is given up, with the doubt that fits how far it got', async () => {
    const smtp = { timeoutMs: 1_000 };
    const before = await send(['slow-rcpt@war.test'], { smtp });
    expect(before).toMatchObject({ ok: false, reason: 'timeout', retry: true });
    expect(before).not.toHaveProperty('mayHaveArrived');
    const after = await send(['slow-data@war.test'], { smtp });
    expect(after).toMatchObject({ ok: false, reason: 'timeout', retry: true, mayHaveArrived: true });
  });

  it('a server that is killed in mid-session is worth another try', async () => {
    const doomed = await startMailServer();
    onTestFinished(doomed.stop);
    const begun = Promise.all(
      ['slow-rcpt', 'slow-data'].map((name) => send([`${name}@war.test`], { smtp: { port: doomed.port } })),
    );
    await until('both sessions', async () => {
      const log = await doomed.log();
      return log.includes('waiting at RCPT') && log.includes('waiting after the message');
    });
    await doomed.kill();
    const [before, after] = await begun;
    expect(before).toMatchObject({ ok: false, reason: 'unreachable', retry: true });
    expect(before).not.toHaveProperty('mayHaveArrived');
    expect(after).toMatchObject({ ok: false, reason: 'unreachable', retry: true, mayHaveArrived: true });
    expect(await send(['ana@war.test'], { smtp: { port: doomed.port } })).toMatchObject({
      ok: false,
      reason: 'unreachable',
      retry: true,
    });
  });
});
