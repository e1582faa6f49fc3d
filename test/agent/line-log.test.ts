import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { lineLog } from '../../src/agent/line-log.ts';

describe("the agent's own log", () => {
  it('writes dated lines of safe text', () => {
    const lines: string[] = [];
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    lineLog(stream)('a\u001b[2J\nb');
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z a b\n$/);
  });

  it('costs nothing but lines when the disk is full, whoever listened to the stream before', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
    });
    stream.on('error', (error) => {
      throw error;
    });
    const write = lineLog(stream);
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    write('one');
    await closed;
    expect(() => write('two')).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
  });
});
