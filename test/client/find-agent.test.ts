import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAgent } from '../../src/client/find-agent.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'warroom-find-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const leave = (where: string, port: number): void => {
  mkdirSync(where, { recursive: true });
  writeFileSync(join(where, 'port'), JSON.stringify({ host: '127.0.0.1', port, pid: 42 }));
  writeFileSync(join(where, 'token'), `token-of-${port}\n`);
};

describe('finding the agent', () => {
  it('reads the port file and the token of the state directory', () => {
    leave(directory, 7373);
    expect(findAgent({}, directory)).toEqual({ url: 'http://127.0.0.1:7373', token: 'token-of-7373' });
  });

  it('prefers the environment', () => {
    leave(directory, 7373);
    expect(findAgent({ WARROOM_URL: 'http://127.0.0.1:1', WARROOM_TOKEN: 't' }, directory)).toEqual({
      url: 'http://127.0.0.1:1',
      token: 't',
    });
  });

  it('finds the demo where no agent of the user runs, and only then', () => {
    leave(join(directory, 'demo'), 5000);
    expect(findAgent({}, directory).url).toBe('http://127.0.0.1:5000');
    leave(directory, 7373);
    expect(findAgent({}, directory).url).toBe('http://127.0.0.1:7373');
  });

  it.each(['', '7373', '{"host":"h"}', '{"host":"h","port":0,"pid":1}', 'null'])(
    'takes %j for no address and says how to start one',
    (text) => {
      writeFileSync(join(directory, 'port'), text);
      expect(() => findAgent({}, directory)).toThrow(
        expect.objectContaining({ code: 'no-agent', nextStep: 'start one: warroom agent, or try warroom demo' }),
      );
    },
  );

  it('says which token file is missing', () => {
    leave(directory, 7373);
    expect(() => findAgent({ WARROOM_TOKEN_FILE: join(directory, 'none') }, directory)).toThrow('there is no token in');
  });
});
