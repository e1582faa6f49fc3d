import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { agentLogTo, type LogLine } from '../../src/agent/agent-log.ts';
import { formatFor, openAgentLog } from '../../src/agent/open-agent-log.ts';

const collecting = () => {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  return { stream, lines };
};

describe("the agent's own log", () => {
  it('as JSON has time, level, words and what they are about on each line', () => {
    const { stream, lines } = collecting();
    const agentLog = openAgentLog(stream, 'json');
    agentLog.info('listening', { url: 'http://127.0.0.1:7373' });
    agentLog.warn('late', { incident: 'INC-2026-0042', seq: 7 });
    agentLog.error('not written', { err: new Error('no space left') });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', time: expect.any(String), url: 'http://127.0.0.1:7373', msg: 'listening' },
      { level: 'warn', time: expect.any(String), incident: 'INC-2026-0042', seq: 7, msg: 'late' },
      { level: 'error', time: expect.any(String), err: 'no space left', msg: 'not written' },
    ]);
    const { time } = JSON.parse(lines[0]!);
    expect(new Date(time).toISOString()).toBe(time);
  });

  it('as text is dated lines that a person can read, nothing said twice', () => {
    const { stream, lines } = collecting();
    const agentLog = openAgentLog(stream, 'text');
    agentLog.info('source am answers again', { source: 'am', configuration: '/etc/warroom' });
    agentLog.error('not written', { err: new Error('no space left'), seq: 7 });
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z info {2}source am answers again configuration=\/etc\/warroom\n$/,
    );
    expect(lines[1]).toMatch(/Z ERROR not written err="no space left" seq=7\n$/);
  });

  it('is text on a terminal and JSON elsewhere', () => {
    expect(formatFor(Object.assign(collecting().stream, { isTTY: true }))).toBe('text');
    expect(formatFor(collecting().stream)).toBe('json');
  });

  it.each(['text', 'json'] as const)('as %s is safe text throughout, whoever said it', (format) => {
    const { stream, lines } = collecting();
    const hostile = '\u001b]52;c;aGk=\u0007x\u001b[2J\u009b31m\u202ey\nz\u0000';
    const agentLog = openAgentLog(stream, format);
    agentLog.info(hostile, { source: hostile, err: new Error(hostile) });
    agentLog.fault(hostile, Object.assign(new Error(hostile), { stack: `${hostile}\n    at ${hostile}` }));
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('tells a bug with its stack, on one line', () => {
    const heard: LogLine[] = [];
    agentLogTo((line) => heard.push(line)).fault('while deciding', new TypeError('x is not a function'));
    expect(heard[0]).toMatchObject({ level: 'fault', msg: 'while deciding' });
    expect(heard[0]?.fields.err).toMatch(/^TypeError: x is not a function \| at .*agent-log\.test\.ts/);
  });

  it('is bounded, whatever is thrown at it', () => {
    const heard: LogLine[] = [];
    const agentLog = agentLogTo((line) => heard.push(line));
    const huge = 'x'.repeat(5_000_000);
    agentLog.fault(huge, new Error(huge), { source: huge });
    agentLog.error('odd', { err: null });
    expect(JSON.stringify(heard[0]).length).toBeLessThan(10_000);
    expect(heard[1]?.fields).toEqual({ err: 'null' });
  });

  it('costs nothing but lines when the disk is full, whoever listened to the stream before', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
    });
    stream.on('error', (error) => {
      throw error;
    });
    const agentLog = openAgentLog(stream, 'json');
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    agentLog.info('one');
    await closed;
    expect(() => agentLog.info('two')).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('keeps a bounded amount for a reader that is stuck, and says afterwards how much was left out', () => {
    const { stream, lines } = collecting();
    const agentLog = openAgentLog(stream, 'json');
    stream.cork();
    for (let n = 0; n < 2_000; n++) agentLog.info('x'.repeat(1_900));
    expect(stream.writableLength).toBeLessThan(1.1 * 1024 * 1024);
    stream.uncork();
    agentLog.info('read again');
    const last = lines.slice(-2).map((line) => JSON.parse(line));
    expect(last).toMatchObject([{ level: 'warn', msg: expect.stringMatching(/^\d+ lines/) }, { msg: 'read again' }]);
    const leftOut = Number(/^\d+/.exec(last[0].msg)?.[0]);
    expect(leftOut + lines.length - 2).toBe(2_000);
  });
});
