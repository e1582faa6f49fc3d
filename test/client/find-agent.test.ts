import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socketPathOf } from '../../src/client/agent-door.ts';
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

  it('goes through the socket of an agent that speaks TLS, and to its port where there is none', () => {
    const address = { host: '0.0.0.0', port: 7373, pid: 42, tls: true };
    leave(directory, 7373);
    writeFileSync(join(directory, 'port'), JSON.stringify({ ...address, socket: '/run/w.sock' }));
    expect(findAgent({}, directory)).toEqual({ url: 'unix:/run/w.sock', token: 'token-of-7373' });
    writeFileSync(join(directory, 'port'), JSON.stringify(address));
    expect(findAgent({}, directory).url).toBe('https://localhost:7373');
  });

  it.each(['unix:/run/w.sock', 'unix:///run/w.sock'])(
    'presents no token of its own over somebody’s socket %s',
    (url) => {
      leave(directory, 7373);
      expect(findAgent({ WARROOM_URL: url }, directory).token).toBe('');
      expect(findAgent({ WARROOM_URL: url, WARROOM_TOKEN: 't' }, directory).token).toBe('t');
      expect(socketPathOf(url)).toBe('/run/w.sock');
    },
  );

  it.each(['ftp://x', 'unix:relative', 'nonsense', 'file:///etc/passwd'])('takes %j for no address', (url) => {
    leave(directory, 7373);
    expect(() => findAgent({ WARROOM_URL: url }, directory)).toThrow('WARROOM_URL is not the address of an agent');
  });

  it.each(['http://agent.example:7373', 'ws://10.0.0.1:7373', 'http://127.0.0.1.evil.example', 'http://0.0.0.0:7373'])(
    'shows no token to everybody on the way to %s',
    (url) => {
      leave(directory, 7373);
      expect(() => findAgent({ WARROOM_URL: url }, directory)).toThrow('would show the token to everybody on the way');
    },
  );

  it('says which of the files about certificates cannot be used', () => {
    leave(directory, 7373);
    const file = join(directory, 'nonsense.pem');
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n');
    const none = join(directory, 'none.pem');
    const empty = join(directory, 'empty.pem');
    writeFileSync(empty, '');
    for (const wrong of [file, empty])
      expect(() => findAgent({ WARROOM_CA: wrong }, directory)).toThrow('the files of WARROOM_CA cannot be used');
    expect(() => findAgent({ WARROOM_CA: none }, directory)).toThrow(`WARROOM_CA: there is no file ${none}`);
    expect(() => findAgent({ WARROOM_CLIENT_CERT: file }, directory)).toThrow('needs its key');
    expect(() => findAgent({ WARROOM_CLIENT_CERT: file, WARROOM_CLIENT_KEY: file }, directory)).toThrow(
      'the files of WARROOM_CLIENT_CERT, WARROOM_CLIENT_KEY cannot be used',
    );
  });

  it('says which token file is missing', () => {
    leave(directory, 7373);
    expect(() => findAgent({ WARROOM_TOKEN_FILE: join(directory, 'none') }, directory)).toThrow('there is no token in');
  });
});
