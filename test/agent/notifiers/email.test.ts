import { afterEach, describe, expect, it } from 'vitest';
import type { SmtpServer } from '../../../src/agent/config/config.ts';
import { emailNotifier } from '../../../src/agent/notifiers/email.ts';
import type { OutgoingMessage } from '../../../src/agent/notifiers/notifier.ts';
import { safeText } from '../../../src/incident/text.ts';
import { type Channel, notifierContract, outgoingMessage } from '../../contract/notifier-contract.ts';
import { type MailStandIn, mailStandIn, type Stage, troubledMailServer } from '../../support/mail-stand-ins.ts';

const PASSWORD = 's3cr3t-password';
const inClear: SmtpServer = {
  host: '127.0.0.1',
  port: 0,
  security: 'none',
  user: null,
  password: null,
  from: 'War Room <warroom@example.org>',
  timeoutMs: 5_000,
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const standIn = async (options: Parameters<typeof mailStandIn>[0] = {}): Promise<MailStandIn> => {
  const mail = await mailStandIn(options);
  closing.push(mail.close);
  return mail;
};

const troubled = async (...trouble: Parameters<typeof troubledMailServer>): Promise<number> => {
  const server = await troubledMailServer(...trouble);
  closing.push(server.close);
  return server.port;
};

const asRead = ({ mail }: MailStandIn['received'][number]): string =>
  [...mail.headers.map(([name, value]) => `${name}: ${value}`), '', mail.text, mail.html].join('\n');

notifierContract('email', async (): Promise<Channel> => {
  const mail = await standIn();
  let { port } = mail;
  const ports = {
    breakDown: await troubled('MAIL', { answer: '451 4.3.0 try again later' }),
    hang: await troubled('message', 'hang'),
    refuse: await troubled('AUTH', {
      answer: `535 no ${PASSWORD} ${Buffer.from(`\0warroom\0${PASSWORD}`).toString('base64')}`,
    }),
    drop: await troubled('message', 'drop'),
  };
  const turnTo = (next: number) => () => {
    port = next;
  };
  return {
    notifier: emailNotifier({
      address: () => ({ to: ['ana@example.org'] }),
      server: () => ({ ...inClear, port, user: 'warroom', password: PASSWORD }),
    }),
    arrived: () => mail.received.map(asRead),
    secrets: ['s3cr3t', Buffer.from(PASSWORD).toString('base64').slice(0, 12)],
    farEnd: {
      breakDown: turnTo(ports.breakDown),
      hang: turnTo(ports.hang),
      refuse: turnTo(ports.refuse),
      drop: turnTo(ports.drop),
    },
    close: async () => undefined,
  };
}, ['refuse', 'drop']);

const send = (
  server: Partial<SmtpServer>,
  changes: Partial<OutgoingMessage> = {},
  { to = ['ana@example.org'], room = '' }: { readonly to?: readonly string[]; readonly room?: string } = {},
) =>
  emailNotifier({
    address: () => ({ to }),
    server: () => ({ ...inClear, ...server }),
    room: () => room,
  }).send(outgoingMessage(changes), new AbortController().signal);

describe('a mail', () => {
  it('reads the same in text and in HTML, and goes to everybody in one', async () => {
    const mail = await standIn();
    const to = ['ana@example.org', 'ana+home@example.org'];
    expect(await send(mail, { possibleDuplicate: true }, { to })).toEqual({ ok: true });
    const [received, ...others] = mail.received;
    expect(others).toEqual([]);
    expect(received).toMatchObject({ from: 'warroom@example.org', to, user: null });
    expect(received?.mail.header('from')).toBe('War Room <warroom@example.org>');
    expect(received?.mail.header('to')).toBe('ana@example.org, ana+home@example.org');
    expect(received?.mail.header('subject')).toBe('[SEV1] INC-2026-0042 checkout: 41 % of requests fail');
    expect(received?.mail.header('auto-submitted')).toBe('auto-generated');
    expect(received?.mail.header('importance')).toBe('high');
    expect(received?.mail.text.trim()).toBe(
      [
        'SEV1 INC-2026-0042: checkout: 41 % of requests fail',
        '',
        'Page for ana: level sev1/15min, attempt 1.',
        'To take it: warroom ack INC-2026-0042',
        'Possible duplicate: an earlier try of this message may have arrived.',
        '',
        'Severity: SEV1',
        'Incident: INC-2026-0042',
        'Services: checkout',
        '',
        'Runbook of checkout: https://wiki.example/checkout?a=1&b=2',
      ].join('\n'),
    );
    expect(received?.mail.html).toContain(
      '<a href="https://wiki.example/checkout?a=1&amp;b=2">Runbook of checkout</a>',
    );
  });

  it.each<[Partial<OutgoingMessage>, string]>([
    [
      { kind: 'announcement', text: safeText('SEV1 INC-2026-0042: resolved after 14 min') },
      '[SEV1] INC-2026-0042 resolved after 14 min',
    ],
    [
      { kind: 'announcement', text: safeText('INC-2026-0042 is SEV1 now, was SEV2: checkout') },
      '[SEV1] INC-2026-0042 is SEV1 now, was SEV2: checkout',
    ],
    [{ kind: 'announcement', text: safeText('All is well') }, '[SEV1] INC-2026-0042 All is well'],
    [{ kind: 'test', incident: null, text: safeText('A test page of 救急') }, 'A test page of 救急'],
  ])('has a subject of its own: %j', async (changes, subject) => {
    const mail = await standIn();
    await send(mail, changes);
    expect(mail.received[0]?.mail.header('subject')).toBe(subject);
  });

  it('makes no markup of what a stranger wrote', async () => {
    const mail = await standIn();
    const title = safeText('<script>alert("x")</script> & "more"');
    const { incident } = outgoingMessage();
    const links = [
      { title: '<b>', url: 'https://wiki.example/"onclick="x' },
      { title: 'no', url: 'javascript:alert(1)' },
    ];
    await send(mail, { text: title, incident: { ...incident!, title, links } });
    const { html = '', text = '' } = mail.received[0]?.mail ?? {};
    expect([...html.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag)).not.toContain('script');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &quot;more&quot;');
    expect(html).toContain('<a href="https://wiki.example/%22onclick=%22x">&lt;b&gt;</a>');
    expect(html + text).not.toContain('javascript');
  });

  it('has the id of its message, so that a repeat is recognised, and names its incident as the origin', async () => {
    const mail = await standIn();
    await send(mail, {});
    await send(mail, { attempt: 2, possibleDuplicate: true });
    await send(mail, { id: 'INC-2026-0042/sev1/30min/1/ana' });
    await send(mail, {}, { room: 'another' });
    const ids = mail.received.map((received) => received.mail.header('message-id'));
    expect(ids[0]).toMatch(/^<warroom\.[0-9a-f]{40}@example\.org>$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    const origins = mail.received.map((received) => received.mail.header('references'));
    expect(new Set(origins.slice(0, 3)).size).toBe(1);
    expect(origins[3]).not.toBe(origins[0]);
    expect(ids).not.toContain(origins[0]);
    expect(mail.received[0]?.mail.header('in-reply-to')).toBe(origins[0]);
  });
});

describe('an answer of the mail server', () => {
  it.each<[Stage, string, object]>([
    ['greeting', '554 not for you', { reason: 'rejected', retry: false, detail: '554 not for you' }],
    ['greeting', '421 too many', { reason: 'unreachable', retry: true, detail: '421 too many' }],
    ['AUTH', '535 wrong', { reason: 'rejected', retry: false, detail: '535 wrong' }],
    ['AUTH', '454 later', { reason: 'unreachable', retry: true }],
    ['MAIL', '421 closing', { reason: 'unreachable', retry: true, detail: '421 closing' }],
    ['MAIL', '503 out of order', { reason: 'unreachable', retry: true }],
    ['RCPT', '550 no such user', { reason: 'rejected', retry: false, detail: '550 no such user' }],
    ['RCPT', '450 greylisted', { reason: 'unreachable', retry: true, detail: '450 greylisted' }],
    ['DATA', '452 disk full', { reason: 'unreachable', retry: true }],
    ['message', '552 too big', { reason: 'rejected', retry: false }],
    ['message', '451 scanner down', { reason: 'unreachable', retry: true }],
    ['message', '550 \u001b]0;owned\u0007spam', { reason: 'rejected', detail: '550 spam' }],
  ])('at %s: %j', async (stage, answer, expected) => {
    const port = await troubled(stage, { answer });
    const result = await send({ port, user: 'warroom', password: PASSWORD });
    expect(result).toMatchObject({ ok: false, ...expected });
    expect(result).not.toHaveProperty('mayHaveArrived');
  });

  it('that refuses some of the recipients is a delivery with a warning', async () => {
    const mail = await standIn({ refused: { 'gone@example.org': 550, 'full@example.org': 452 } });
    const some = await send(mail, {}, { to: ['gone@example.org', 'ana@example.org', 'full@example.org'] });
    expect(some).toEqual({ ok: true, warning: '2 of 3 recipients refused: 550 no mailbox gone@example.org' });
    expect(mail.received.map(({ to }) => to)).toEqual([['ana@example.org']]);
  });

  it('that refuses all of them is final only if none of them was put off', async () => {
    const mail = await standIn({ refused: { 'gone@example.org': 550, 'full@example.org': 452 } });
    expect(await send(mail, {}, { to: ['gone@example.org'] })).toMatchObject({
      ok: false,
      reason: 'rejected',
      retry: false,
    });
    expect(await send(mail, {}, { to: ['gone@example.org', 'full@example.org'] })).toMatchObject({
      ok: false,
      retry: true,
    });
    expect(mail.received).toEqual([]);
  });
});

describe('a line', () => {
  it.each<[Stage, boolean]>([
    ['greeting', false],
    ['EHLO', false],
    ['MAIL', false],
    ['RCPT', false],
    ['DATA', false],
    ['message', true],
  ])('that drops or hangs at %s may have carried the message: %s', async (stage, mayHaveArrived) => {
    const expected = mayHaveArrived ? { mayHaveArrived } : {};
    const dropped = await send({ port: await troubled(stage, 'drop') });
    expect(dropped).toMatchObject({ ok: false, reason: 'unreachable', retry: true, ...expected });
    const startedAt = performance.now();
    const hung = await send({ port: await troubled(stage, 'hang'), timeoutMs: 150 });
    expect(hung).toMatchObject({ ok: false, reason: 'timeout', retry: true, ...expected });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    if (!mayHaveArrived) for (const result of [dropped, hung]) expect(result).not.toHaveProperty('mayHaveArrived');
  });

  it('to nowhere is unreachable, and cannot have carried anything', async () => {
    const gone = await mailStandIn();
    await gone.close();
    for (const server of [{ port: gone.port }, { host: 'no-such-host.invalid', port: 25 }]) {
      const result = await send(server);
      expect(result).toMatchObject({ ok: false, reason: 'unreachable', retry: true });
      expect(result).not.toHaveProperty('mayHaveArrived');
    }
  });

  it('that nobody vouches for carries neither the password nor the message', async () => {
    const mail = await standIn({ login: { user: 'warroom', password: PASSWORD } });
    const secure = await standIn({ login: { user: 'warroom', password: PASSWORD }, secure: true });
    const login = { user: 'warroom', password: PASSWORD };
    const answers = [
      await send({ port: mail.port, security: 'starttls', ...login }),
      await send({ port: secure.port, security: 'tls', ...login }),
      await send({ port: await troubled('EHLO', { answer: '250 trouble' }), security: 'starttls', timeoutMs: 300 }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, retry: true });
    expect([...mail.received, ...secure.received]).toEqual([]);
    expect(JSON.stringify(answers)).not.toContain('s3cr3t');
  });
});

it('without a mail server or an address it is not configured, and no reason to try again', async () => {
  const signal = new AbortController().signal;
  const expected = { ok: false, reason: 'not-configured', retry: false };
  const noServer = emailNotifier({ address: () => ({ to: ['a@example.org'] }), server: () => null });
  expect(await noServer.send(outgoingMessage(), signal)).toMatchObject({ ...expected, detail: 'no mail server' });
  const noAddress = emailNotifier({ address: () => null, server: () => inClear });
  expect(await noAddress.send(outgoingMessage(), signal)).toMatchObject({
    ...expected,
    detail: 'no e-mail address for ana',
  });
});
