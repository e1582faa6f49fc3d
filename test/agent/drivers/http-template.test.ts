import { describe, expect, it } from 'vitest';
import type { HttpCall } from '../../../src/agent/config/config.ts';
import { curlLine, filledCall, filledValue, missingIn } from '../../../src/agent/drivers/http-template.ts';

const call = (changes: Partial<HttpCall>): HttpCall => ({
  method: 'PUT',
  url: 'http://127.0.0.1/x',
  headers: {},
  body: null,
  ...changes,
});
const filling = (params: Record<string, string> = {}) => ({
  service: 'checkout',
  params,
  before: { n: 1 },
  after: 'off',
});

describe('addresses', () => {
  it.each([
    ['http://h/{service}/flags/{param.flag}', { flag: 'a/b?c#d é' }, 'http://h/checkout/flags/a%2Fb%3Fc%23d%20%C3%A9'],
    ['http://h/x?q={param.flag}', { flag: '&x=1' }, 'http://h/x?q=%26x%3D1'],
    ['http://h/weight/{after}', {}, 'http://h/weight/off'],
    ['http://h/{unknown}', {}, 'http://h/%7Bunknown%7D'],
    ['http://{param.host}/x', { host: 'evil.example/' }, null],
    ['http://h/{param.flag}', {}, null],
    ['http://h/{param.flag}', { flag: '' }, null],
    ['http://h/{param.flag}', { flag: '..' }, null],
    ['http://h/{param.flag}/x', { flag: '.' }, null],
    ['http://h/.{param.flag}?x', { flag: '.' }, null],
    ['http://h/{param.flag}', { flag: '\ud800' }, null],
    ['http://user:secret@h/x', {}, null],
    ['file:///etc/{service}', {}, null],
    ['{param.flag}', { flag: 'http://h/' }, null],
    ['http://h/{param.constructor}', {}, null],
  ])('%s with %j', (url, params, expected) => {
    const filled = filledCall(call({ url }), filling(params as Record<string, string>));
    expect(filled.ok ? filled.request.url : null).toBe(expected);
    if (!filled.ok) expect(filled.detail).not.toContain('secret');
  });
});

it('values stand raw in bodies, as JSON strings, and whole where a text is nothing else', () => {
  const template = { '{service}': ['say {param.word}', '{after}', '{before}', 'was {before}', 7, null, true] };
  expect(filledValue(template, filling({ word: '"\n{service}' }))).toEqual({
    checkout: ['say "\n{service}', 'off', { n: 1 }, 'was {"n":1}', 7, null, true],
  });
});

it('what is not given is named once each', () => {
  expect(missingIn({ a: '{param.x} {param.y}', b: ['{param.x}', '{service}'] }, filling({ y: '1' }))).toEqual([
    'param.x',
  ]);
});

it('the command line can be read and pasted, and shows no header value', () => {
  const headers = { Authorization: 'Bearer s3cr3t', 'X-Team': '{service}' };
  const filled = filledCall(
    call({ method: 'patch', headers, body: { reason: "don't {param.word}" } }),
    filling({ word: '$(rm)' }),
  );
  if (!filled.ok) throw new Error(filled.detail);
  expect(filled.request.headers['x-team']).toBe('checkout');
  expect(curlLine(filled.request)).toBe(
    `curl -X PATCH -H 'authorization: ***' -H 'x-team: ***' -H 'content-type: application/json' ` +
      `--data-raw '{"reason":"don'\\''t $(rm)"}' 'http://127.0.0.1/x'`,
  );
});
