import { describe, expect, it } from 'vitest';
import { decideRefresh, idleEnd, type SessionRecord } from './session-rules.ts';

const at = 1_900_000_000_000;
const day = 24 * 60 * 60 * 1000;

function session(change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    sessionId: '01JD0000000000000000000003',
    userId: '01JD0000000000000000000001',
    sessionVersion: 1,
    createdAt: at - day,
    refreshedAt: at - 60_000,
    endsAt: at + 89 * day,
    refreshHash: 'present',
    previousHash: 'previous',
    rotatedAt: at - 60_000,
    expiresAt: 0,
    ...change,
  };
}

describe('decideRefresh', () => {
  it('exchanges the current token', () => {
    expect(decideRefresh(session(), 'member', 'present', at)).toBe('rotate');
  });

  it('repeats the successor for ten seconds after the exchange, and treats a later use as theft', () => {
    const exchangedAgo = (ms: number) => session({ rotatedAt: at - ms, refreshedAt: at - ms });
    expect(decideRefresh(exchangedAgo(0), 'member', 'previous', at)).toBe('repeat');
    expect(decideRefresh(exchangedAgo(10_000), 'member', 'previous', at)).toBe('repeat');
    expect(decideRefresh(exchangedAgo(10_001), 'member', 'previous', at)).toBe('reuse');
  });

  it('treats tokens older than the previous one as theft at any time', () => {
    expect(decideRefresh(session({ rotatedAt: at }), 'member', 'older', at)).toBe('reuse');
  });

  it('treats an unknown token as theft when the session has no previous token', () => {
    const { previousHash: _hash, rotatedAt: _time, ...fresh } = session();
    expect(decideRefresh(fresh, 'member', 'older', at)).toBe('reuse');
  });

  it('returns no token when the session was ended', () => {
    expect(decideRefresh(session({ endedAt: at - 1 }), 'member', 'present', at)).toBe('ended');
    expect(decideRefresh(session({ endedAt: at - 1 }), 'member', 'older', at)).toBe('ended');
  });

  it.each([
    ['member', 30],
    ['agent', 30],
    ['admin', 7],
    ['staff', 7],
  ] as const)('ends a session of a %s after %d days without use', (role, days) => {
    const unused = (ms: number) => session({ refreshedAt: at - ms });
    expect(decideRefresh(unused(days * day - 1), role, 'present', at)).toBe('rotate');
    expect(decideRefresh(unused(days * day), role, 'present', at)).toBe('ended');
  });

  it('ends a session at its absolute end, even when it is used', () => {
    expect(decideRefresh(session({ refreshedAt: at - 1, endsAt: at }), 'member', 'present', at)).toBe('ended');
    expect(idleEnd('member', at, at + day)).toBe(at + day);
  });
});
