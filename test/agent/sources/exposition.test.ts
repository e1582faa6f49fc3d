import { Counter, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { MAX_EXPOSITION_BYTES, parseExposition } from '../../../src/agent/sources/exposition.ts';

describe('the text of a metrics page', () => {
  it.each([
    ['a 1', { name: 'a', labels: {}, value: 1 }],
    ['a{} 1', { name: 'a', labels: {}, value: 1 }],
    ['  a\t{ x = "1" , } \t 2.5e-3 \t', { name: 'a', labels: { x: '1' }, value: 0.0025 }],
    ['a{x="q\\"n\\nb\\\\e\\z"} 1', { name: 'a', labels: { x: 'q"n\nb\\ez' }, value: 1 }],
    ['a{x="}, {"} 1', { name: 'a', labels: { x: '}, {' }, value: 1 }],
    ['a 1 1700000000000', { name: 'a', labels: {}, value: 1 }],
    ['a 1 -5\r', { name: 'a', labels: {}, value: 1 }],
    ['a +Inf', { name: 'a', labels: {}, value: Number.POSITIVE_INFINITY }],
    ['a -inf', { name: 'a', labels: {}, value: Number.NEGATIVE_INFINITY }],
    ['a NaN', { name: 'a', labels: {}, value: Number.NaN }],
    ['a .5', { name: 'a', labels: {}, value: 0.5 }],
    ['{"dotted.name",x="1"} 1', { name: 'dotted.name', labels: { x: '1' }, value: 1 }],
    ['a{__proto__="x"} 1', { name: 'a', labels: Object.fromEntries([['__proto__', 'x']]), value: 1 }],
  ])('reads %j', (line, sample) => {
    expect(parseExposition(line)).toEqual({ ok: true, samples: [sample] });
  });

  it.each(['', '\n\n', '# HELP a b', '# TYPE a counter\n# EOF\n', '   \t'])('finds no sample in %j', (page) => {
    expect(parseExposition(page)).toEqual({ ok: true, samples: [] });
  });

  it.each([
    ['a', 'a number'],
    ['a one', 'a number'],
    ['a 0x10', 'a number'],
    ['a 1 soon', 'the end of the line'],
    ['a 1 2 3', 'the end of the line'],
    ['1a 1', 'one metric name'],
    ['{x="1"} 1', 'one metric name'],
    ['a{"b"} 1', 'one metric name'],
    ['a{x} 1', '"=" after a label name'],
    ['a{x=1} 1', 'a quoted label value'],
    ['a{x="1} 1', 'a quoted label value'],
    ['a{x="1" y="2"} 1', '"," or "}"'],
    ['a{x="1"', '"," or "}"'],
    ['<html><body>502</body></html>', 'one metric name'],
    [`a{x="${'y'.repeat(70_000)}"} 1`, 'at most 65536 characters'],
    [`a{${Array.from({ length: 101 }, (_, n) => `l${n}="1"`).join()}} 1`, 'at most 100 labels'],
  ])('refuses the whole page for %.40j', (line, expected) => {
    expect(parseExposition(`good 1\n${line}\ngood 2\n`)).toEqual({ ok: false, line: 2, expected });
  });

  it('keeps only what is wanted, and still refuses a bad line of the rest', () => {
    const wants = (name: string): boolean => name === 'a';
    expect(parseExposition('a 1\nb 2\n', wants)).toMatchObject({ ok: true, samples: [{ name: 'a' }] });
    expect(parseExposition('a 1\nb two\n', wants)).toMatchObject({ ok: false, line: 2 });
  });

  it('refuses a page beyond its limit', () => {
    expect(parseExposition('#'.repeat(MAX_EXPOSITION_BYTES + 1))).toMatchObject({ ok: false, line: 0 });
  });

  it('reads what prom-client writes', async () => {
    const registry = new Registry();
    const hits = new Counter({ name: 'hits_total', help: 'back\\slash', labelNames: ['path'], registers: [registry] });
    const took = new Histogram({ name: 'took_seconds', help: 'h', buckets: [0.1], registers: [registry] });
    hits.inc({ path: 'a"b\\c\nd' }, 3);
    took.observe(0.05);
    const parsed = parseExposition(await registry.metrics());
    expect(parsed.ok && parsed.samples).toEqual([
      { name: 'hits_total', labels: { path: 'a"b\\c\nd' }, value: 3 },
      { name: 'took_seconds_bucket', labels: { le: '0.1' }, value: 1 },
      { name: 'took_seconds_bucket', labels: { le: '+Inf' }, value: 1 },
      { name: 'took_seconds_sum', labels: {}, value: 0.05 },
      { name: 'took_seconds_count', labels: {}, value: 1 },
    ]);
  });
});
