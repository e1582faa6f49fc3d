import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../../src/agent/notifiers/notifier.ts';
import { type SlackOptions, slackNotifier } from '../../../src/agent/notifiers/slack.ts';
import { type Channel, notifierContract, outgoingMessage } from '../../contract/notifier-contract.ts';
import { type SlackWebhook, slackWebhook } from '../../support/slack-webhook.ts';

const channel = async (): Promise<Channel> => {
  const slack = await slackWebhook();
  return {
    notifier: slackNotifier({ address: () => ({ webhookUrl: slack.url, mention: 'U024' }) }),
    arrived: slack.read,
    secrets: ['SECRET', 's3cr3t'],
    farEnd: {
      breakDown: () => slack.answer(({ path }, response) => response.writeHead(500).end(`rollup_error at ${path}`)),
      hang: () => slack.answer(() => undefined),
      refuse: () =>
        slack.answer(({ path, headers }, response) =>
          response.writeHead(404).end(`no_service: https://${headers.host}${path} (${path.replaceAll('/', '\\/')})`),
        ),
      drop: () => slack.answer((_, response) => response.destroy()),
      limitRate: () => slack.answer((_, response) => response.writeHead(429, { 'retry-after': '30' }).end()),
    },
    close: slack.close,
  };
};

notifierContract('slack', channel, ['refuse', 'drop', 'limitRate']);

describe('slack', () => {
  let slack: SlackWebhook;
  beforeEach(async () => {
    slack = await slackWebhook();
  });
  afterEach(() => slack.close());

  const send = (
    changes: Partial<OutgoingMessage> = {},
    options: Partial<SlackOptions> & { readonly mention?: string | null } = {},
  ) =>
    slackNotifier({
      address: () => ({ webhookUrl: slack.url, mention: options.mention ?? null }),
      now: () => Date.parse('2026-11-22T03:00:00.000Z'),
      ...options,
    }).send(outgoingMessage(changes), new AbortController().signal);

  it('reads: what it is about, its facts, its links, and what to do', async () => {
    expect(await send({ possibleDuplicate: true }, { mention: 'U024' })).toEqual({ ok: true });
    expect(slack.read()).toEqual([
      [
        'SEV1 INC-2026-0042: checkout: 41 % of requests fail',
        '<@U024> *SEV1 INC-2026-0042: checkout: 41 % of requests fail*',
        '*Severity*\nSEV1',
        '*Incident*\nINC-2026-0042',
        '*Services*\ncheckout',
        '<https://wiki.example/checkout?a=1&b=2|Runbook of checkout>',
        'Page for ana: level sev1/15min, attempt 1.',
        'To take it: warroom ack INC-2026-0042',
        'Possible duplicate: an earlier try of this message may have arrived.',
      ].join('\n'),
    ]);
    expect(JSON.stringify(slack.posted)).toContain('https://wiki.example/checkout?a=1&amp;b=2|');
  });

  it.each<[OutgoingMessage['kind'], string | null, string | null]>([
    ['page', 'U024', '<@U024>'],
    ['page', 'W024', '<@W024>'],
    ['page', 'S024', '<!subteam^S024>'],
    ['page', null, null],
    ['test', 'U024', '<@U024>'],
    ['notice', 'U024', null],
    ['announcement', 'U024', null],
  ])('a %s mentions %s as %s', async (kind, mention, expected) => {
    expect(await send({ kind }, { mention })).toEqual({ ok: true });
    const written = slack.posted[0]?.blocks[0]?.text?.text ?? '';
    expect(/^<[^>]*>/.exec(written)?.[0] ?? null).toBe(expected);
  });

  it('leaves out whole the links that do not fit, and those no browser opens', async () => {
    const links = [
      { title: 'not one', url: 'javascript:alert(1)' },
      { title: 'not one either', url: 'wiki' },
      ...Array.from({ length: 20 }, (_, index) => ({ title: `${index}`, url: `https://a/${'x'.repeat(900)}` })),
    ];
    const { incident } = outgoingMessage();
    expect(await send({ incident: { ...incident!, links } })).toEqual({ ok: true });
    expect(slack.read()[0]?.match(/<https:.*?\|\d+>/g)).toHaveLength(3);
    expect(slack.read()[0]).not.toContain('not one');
  });

  it.each<[status: number, headers: Record<string, string>, body: string, expected: object]>([
    [200, {}, 'ok\n', { ok: true }],
    [
      200,
      {},
      'fail',
      { ok: false, reason: 'rejected', retry: false, detail: 'answered 200: fail (not Slack\'s "ok")' },
    ],
    [200, {}, '', { ok: false, reason: 'rejected', retry: false }],
    [302, { location: '/' }, '', { ok: false, reason: 'rejected', retry: false }],
    [400, {}, 'invalid_payload', { ok: false, reason: 'rejected', detail: 'answered 400: invalid_payload' }],
    [403, {}, 'action_prohibited', { ok: false, reason: 'rejected', retry: false }],
    [404, {}, 'channel_not_found', { ok: false, reason: 'rejected', retry: false }],
    [410, {}, 'channel_is_archived', { ok: false, reason: 'rejected', retry: false }],
    [429, {}, '', { ok: false, reason: 'rate-limited', retry: true, retryAfterMs: null }],
    [
      429,
      { 'retry-after': 'Sun, 22 Nov 2026 03:00:07 GMT' },
      '',
      { ok: false, reason: 'rate-limited', retry: true, retryAfterMs: 7_000 },
    ],
    [503, { 'retry-after': '5' }, '', { ok: false, reason: 'unreachable', retry: true, retryAfterMs: 5_000 }],
  ])('an answer of %i %j %j', async (status, headers, body, expected) => {
    slack.answer((_, response) => response.writeHead(status, headers).end(body));
    expect(await send()).toMatchObject(expected);
  });

  it('a 200 that breaks off before its word has most likely arrived', async () => {
    slack.answer((_, response) => {
      response.writeHead(200, { 'content-length': '2' }).write('o', () => response.destroy());
    });
    expect(await send()).toMatchObject({ ok: false, reason: 'unreachable', retry: true, mayHaveArrived: true });
  });

  it('no webhook is not configured, and no reason to try again', async () => {
    const result = await send({}, { address: () => null });
    expect(result).toEqual({
      ok: false,
      reason: 'not-configured',
      detail: 'no Slack webhook for ana',
      retry: false,
      retryAfterMs: null,
    });
  });
});

describe('the stand-in', () => {
  it.each([
    ['text/plain', '{"text":"a"}', 'invalid_payload'],
    ['application/json', '{"text":', 'invalid_payload'],
    ['application/json', '{}', 'no_text'],
    ['application/json', '{"text":"<!channel>"}', 'invalid_payload: text is not escaped'],
    ['application/json', '{"text":"a & b"}', 'invalid_payload: text is not escaped'],
    ['application/json', JSON.stringify({ text: 'a', blocks: Array(51).fill({}) }), 'invalid_blocks'],
    ['application/json', JSON.stringify({ text: 'a', blocks: [{ type: 'section' }] }), 'invalid_blocks: 0'],
    [
      'application/json',
      JSON.stringify({ text: 'a', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'a'.repeat(3_001) } }] }),
      'invalid_blocks: 0',
    ],
  ])('refuses %s %s', async (type, body, word) => {
    const slack = await slackWebhook();
    const answer = await fetch(slack.url, { method: 'POST', headers: { 'content-type': type }, body });
    expect([answer.status, await answer.text(), slack.posted]).toEqual([400, word, []]);
    await slack.close();
  });
});
