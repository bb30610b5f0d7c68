import { describe, expect, it } from 'vitest';
import { socketCredentials } from './socket-credentials.ts';

describe('the credentials of a WebSocket handshake', () => {
  it('are taken from the subprotocol, the ticket or the token', () => {
    expect(socketCredentials('switchboard, bearer.a.b.c', {})).toEqual({ via: 'subprotocol', value: 'a.b.c' });
    expect(socketCredentials('bearer.a.b.c,switchboard', {})).toEqual({ via: 'subprotocol', value: 'a.b.c' });
    expect(socketCredentials(undefined, { ticket: 'x' })).toEqual({ via: 'ticket', value: 'x' });
    expect(socketCredentials('switchboard', { token: 'y' })).toEqual({ via: 'token', value: 'y' });
  });

  it('are one only: the subprotocol goes before the ticket, the ticket before the token', () => {
    expect(socketCredentials('switchboard, bearer.bad', { ticket: 'x', token: 'y' })?.via).toBe('subprotocol');
    expect(socketCredentials(undefined, { ticket: 'x', token: 'y' })?.via).toBe('ticket');
  });

  it('are absent when there are none, or when no subprotocol could be selected', () => {
    expect(socketCredentials(undefined, {})).toBeUndefined();
    expect(socketCredentials('switchboard', {})).toBeUndefined();
    expect(socketCredentials('bearer.a.b.c', { token: 'y' })).toBeUndefined();
  });
});
