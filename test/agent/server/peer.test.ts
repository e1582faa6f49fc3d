import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isLoopback, isNearSocket, peerOf } from '../../../src/agent/server/peer.ts';

describe('who is at the other end', () => {
  it.each(['localhost', '::1', '127.0.0.1', '127.9.9.9', '::ffff:127.0.0.1'])('is on this host at %s', (address) => {
    expect(isLoopback(address)).toBe(true);
  });
  it.each(['', '0.0.0.0', '10.0.0.1', '::', '::ffff:10.0.0.1', '127.0.0.1.evil.example', '1270.0.0.1', 'fe80::1'])(
    'is not for being at %j',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );

  it('is on this host, too, where both ends have one address', () => {
    expect(isNearSocket({ remoteAddress: '10.0.0.1', localAddress: '10.0.0.1' })).toBe(true);
    expect(isNearSocket({ remoteAddress: '10.0.0.2', localAddress: '10.0.0.1' })).toBe(false);
    // Of a connection that is gone already nothing is known.
    expect(isNearSocket({})).toBe(false);
  });

  it('is the owner over a socket that is open to the owner alone', () => {
    expect(peerOf(new Socket(), 'own-socket')).toMatchObject({ isNear: true, isOwner: true });
    expect(peerOf(new Socket(), 'socket')).toMatchObject({ isNear: true, isOwner: false });
    expect(peerOf(new Socket(), 'tcp')).toMatchObject({ isNear: false, isOwner: false });
  });
});
