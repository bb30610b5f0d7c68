import { describe, expect, it } from 'vitest';
import { socketCredentials } from './socket-credentials.ts';

describe('socketCredentials', () => {
  it('reads the subprotocol, the ticket or the token', () => {
    expect(socketCredentials('switchboard, bearer.a.b.c', {})).toEqual({ via: 'subprotocol', value: 'a.b.c' });
    expect(socketCredentials('bearer.a.b.c,switchboard', {})).toEqual({ via: 'subprotocol', value: 'a.b.c' });
    expect(socketCredentials(undefined, { ticket: 'x' })).toEqual({ via: 'ticket', value: 'x' });
    expect(socketCredentials('switchboard', { token: 'y' })).toEqual({ via: 'token', value: 'y' });
  });

  it('prefers the subprotocol to the ticket, and the ticket to the token', () => {
    expect(socketCredentials('switchboard, bearer.bad', { ticket: 'x', token: 'y' })?.via).toBe('subprotocol');
    expect(socketCredentials(undefined, { ticket: 'x', token: 'y' })?.via).toBe('ticket');
  });

  it('returns undefined without credentials, or when a client offers no subprotocol that the server can select', () => {
    expect(socketCredentials(undefined, {})).toBeUndefined();
    expect(socketCredentials('switchboard', {})).toBeUndefined();
    expect(socketCredentials('bearer.a.b.c', { token: 'y' })).toBeUndefined();
  });
});
