import { describe, expect, it } from 'vitest';
import { load, problemsOf } from './load.ts';

const server = async (text: string) => (await load({ 'server.yaml': text })).server;

describe('server.yaml', () => {
  it('keeps to the loopback, without a certificate and without a socket, unless told', async () => {
    expect((await load({})).server).toEqual({ host: '127.0.0.1', port: 7373, tls: null, hosts: [], socket: null });
  });

  it('finds its files from its own directory on, and has a socket where there is TLS', async () => {
    const { tls, socket } = await server(
      'tls: { certificate: tls.crt, key: /k/tls.key, clientCertificates: { ca: c.crt } }',
    );
    expect(tls).toEqual({
      certificate: expect.stringMatching(/^\/.*\/tls\.crt$/),
      key: '/k/tls.key',
      clientCertificates: { ca: expect.stringMatching(/^\/.*\/c\.crt$/), required: false },
    });
    expect(socket).toEqual({ path: null, mode: 0o600, isOptional: true });
    expect((await server('tls: { certificate: a, key: b }\nsocket: false')).socket).toBeNull();
  });

  it('reads the permissions of a socket as a person writes them', async () => {
    expect((await server('socket: true')).socket).toEqual({ path: null, mode: 0o600, isOptional: false });
    expect((await server('socket: { path: /run/w.sock, mode: "0660" }')).socket).toEqual({
      path: '/run/w.sock',
      mode: 0o660,
      isOptional: false,
    });
    expect((await server('hosts: [War.Room]')).hosts).toEqual(['war.room']);
  });

  it.each([
    ['port: 70000', 'server.yaml:1:7 port: is 70000, expected a whole number from 0 to 65535'],
    ['hosts: ["a:80"]', 'expected a host name such as warroom.example.org, without a port'],
    ['socket: { mode: 0660 }', 'expected true, false, or {path, mode} with the mode in quotes, such as "0660"'],
    ['tls: { certificate: a }', 'tls'],
    [
      'tls: { certificate: a, key: b, ca: c }',
      'tls.ca: is an unknown field, expected one of certificate, key, clientCertificates',
    ],
    ['host: "a b"', 'expected a name or an address to listen on, such as 127.0.0.1 or 0.0.0.0'],
  ])('says what is wrong with %s', async (text, words) => {
    expect((await problemsOf({ 'server.yaml': text })).join('\n')).toContain(words);
  });
});
