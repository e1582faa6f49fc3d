import { describe, expect, it } from 'vitest';
import { anyOf, parseSelector, renderSelector, withMatcher } from '../../../src/agent/sources/selector.ts';
import { compileFilter } from '../../../src/agent/sources/series-filter.ts';

const parsed = (text: string) => {
  const result = parseSelector(text);
  if (!result.ok) throw new Error(`expected ${result.expected} at ${result.at}`);
  return result.selector;
};

describe('a metric selector', () => {
  it.each([
    ['http_requests_total', 'http_requests_total'],
    [' http_requests_total { } ', 'http_requests_total'],
    ['a:b{x="1"}', 'a:b{x="1"}'],
    ['a{x="1",y!="2",z=~"3.*",w!~"4",}', 'a{x="1",y!="2",z=~"3.*",w!~"4"}'],
    ['a{x = "}{" , y=\',"\' }', 'a{x="}{",y=",\\""}'],
    ['a{x=`raw\\d"`}', 'a{x="raw\\\\d\\""}'],
    ['a{x="line\\nbreak\\ttab"}', 'a{x="line\\nbreak\ttab"}'],
    ['a{x="\\x41\\u00e9\\U0001F600\\101"}', 'a{x="Aé😀A"}'],
    ['{__name__="a",x="1"}', '{__name__="a",x="1"}'],
    ['{"dotted.name",x="1"}', '{"dotted.name",x="1"}'],
    ['a{"dotted.label"="1"}', 'a{"dotted.label"="1"}'],
  ])('reads %s and writes it again as %s', (written, rendered) => {
    expect(renderSelector(parsed(written))).toBe(rendered);
  });

  it.each([
    ['', 0, 'a metric name'],
    ['{}', 2, 'a metric name'],
    ['{x="1"}', 7, 'a metric name'],
    ['a[5m]', 1, '"{" or the end'],
    ['rate(a)', 4, '"{" or the end'],
    ['a{x="1"}[5m]', 8, 'the end'],
    ['a{x}', 3, 'one of =, !=, =~, !~'],
    ['a{x=1}', 4, 'a quoted value'],
    ['a{x="1}', 4, 'a quoted value'],
    ['a{x="\\q"}', 4, 'a quoted value'],
    ['a{x="1" y="2"}', 8, '"," or "}"'],
    ['a{,}', 2, 'a label name or "}"'],
    ['a{x="1"', 7, '"," or "}"'],
    ['a{"b"}', 6, 'one metric name, not two'],
    ['a{x="1"} or vector(1)', 9, 'the end'],
  ])('refuses %s at character %i: expected %s', (written, at, expected) => {
    expect(parseSelector(written)).toEqual({ ok: false, at, expected });
  });

  it('is narrowed to services whose names hold any character', () => {
    const narrowed = withMatcher(parsed('a{status=~"5.."}'), anyOf('service', ['a.b', 'c"d', 'e\\f', 'g|h']));
    expect(renderSelector(narrowed)).toBe('a{status=~"5..",service=~"a\\\\.b|c\\"d|e\\\\\\\\f|g\\\\|h"}');
    expect(parsed(renderSelector(narrowed))).toEqual(narrowed);
  });

  it.each([
    ['a', 'a', {}, true],
    ['a', 'b', {}, false],
    ['a{x="1"}', 'a', { x: '1' }, true],
    ['a{x=""}', 'a', {}, true],
    ['a{x!=""}', 'a', {}, false],
    ['a{x!="1"}', 'a', { x: '2' }, true],
    ['a{s=~"5.."}', 'a', { s: '503' }, true],
    ['a{s=~"5.."}', 'a', { s: '1503' }, false],
    ['a{s=~"5..|499"}', 'a', { s: '499' }, true],
    ['a{s!~"2..|3.."}', 'a', { s: '200' }, false],
    ['a{s=~"(?i)ERR"}', 'a', { s: 'err' }, true],
    ['a{s=~"a.b"}', 'a', { s: 'a\nb' }, true],
    ['{__name__=~"a|b"}', 'b', {}, true],
  ] as const)('%s on series %s %o: %s', (written, name, labels, belongs) => {
    const compiled = compileFilter(parsed(written));
    expect(compiled.ok && compiled.filter(name, labels)).toBe(belongs);
  });

  it.each(['a{x=~"("}', 'a{x=~"[[:alpha:]]"}'])('says that it cannot match with %s', (written) => {
    expect(compileFilter(parsed(written))).toMatchObject({ ok: false, label: 'x' });
  });
});
