import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsSecret, withoutSecrets } from '../../src/agent/without-secrets.ts';

const SECRET = 'Zq7"s\\lack/+p&ss<w>%d';

const packed = (text: string): string => Buffer.from(text).toString('base64');

const shapes: readonly (readonly [what: string, text: string])[] = [
  ['as it is', SECRET],
  ['in an address', encodeURIComponent(SECRET)],
  ['in an address, in small letters', encodeURIComponent(SECRET).toLowerCase()],
  ['in JSON', JSON.stringify({ token: SECRET })],
  [
    'in HTML',
    SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ],
  ['packed', packed(SECRET)],
  ['packed after one byte', packed(`:${SECRET}`)],
  ['packed after a user', packed(`\0user\0${SECRET}`)],
  ['packed with something behind it', packed(`user:${SECRET}:more`)],
  ['packed for an address', Buffer.from(SECRET).toString('base64url')],
  ['held apart by characters that are not seen', SECRET.split('').join('\u200b')],
];

describe('words of somebody else', () => {
  it.each(shapes)('do not show a secret %s', (_, text) => {
    for (const secret of [SECRET, `Bearer ${SECRET}`, `Basic ${packed(`user:${SECRET}`)}`]) {
      const shown = withoutSecrets(`no entry with ${text}.`, [secret], 300);
      expect(shown).toMatch(/^no entry with .*\*\*\*/);
      expect(shown).not.toContain(text);
    }
  });

  it('show the rest', () => {
    expect(withoutSecrets('no Bearer tok-1234 here', ['Bearer tok-1234'], 200)).toBe('no *** here');
    expect(withoutSecrets('tok-1234 is out of date', ['Bearer tok-1234'], 200)).toBe('*** is out of date');
    expect(withoutSecrets('quota: 5 of 5', ['5'], 200)).toBe('quota: 5 of 5');
    expect(withoutSecrets('\u001b[31mno', [], 200)).toBe('no');
  });

  it('do not show half a secret where they are cut', () => {
    const secret = 'x'.repeat(40) + 'y'.repeat(40);
    for (const before of [190, 199, 9_950, 9_990]) {
      const shown = withoutSecrets(`${'.'.repeat(before)}${secret.repeat(400)}`, [secret], 20_000);
      expect(shown).not.toContain('x');
    }
  });

  it('are the same where there is no secret in them', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        expect(withoutSecrets(text, ['never-in-there-0123'], 500)).toBe(withoutSecrets(text, [], 500));
      }),
    );
  });
});

describe('a text that is kept', () => {
  it.each(shapes.slice(0, -1))('is found to hold a secret %s', (_, text) => {
    expect(holdsSecret(`{"a":"${text}"}`, [SECRET])).toBe(true);
  });

  it('holds none where there is none, or only a short word', () => {
    expect(holdsSecret('{"replicas":3}', [SECRET, '3'])).toBe(false);
    expect(holdsSecret('anything', [])).toBe(false);
  });
});
