import { describe, expect, it } from 'vitest';
import { type AccessRecord, forgettableSessions, isSessionAlive, rememberUntil } from './session-access.ts';

const session = { sessionId: '01JD0000000000000000000003', sessionVersion: 2 };
const access: AccessRecord = {
  userId: '01JD0000000000000000000001',
  role: 'member',
  status: 'active',
  sessionVersion: 2,
  endedSessions: {},
};

describe('a session', () => {
  it('is alive while its account is active, its version is current and it was not ended', () => {
    expect(isSessionAlive(access, session)).toBe(true);
  });

  it.each(['pending', 'suspended', 'rejected'] as const)('is over when the account is %s', (status) => {
    expect(isSessionAlive({ ...access, status }, session)).toBe(false);
  });

  it('is over when the account has a higher or lower session version', () => {
    expect(isSessionAlive({ ...access, sessionVersion: 3 }, session)).toBe(false);
    expect(isSessionAlive({ ...access, sessionVersion: 1 }, session)).toBe(false);
  });

  it('is over when it was ended, without affecting others', () => {
    const ended = { ...access, endedSessions: { [session.sessionId]: 1 } };
    expect(isSessionAlive(ended, session)).toBe(false);
    expect(isSessionAlive(ended, { ...session, sessionId: '01JD0000000000000000000004' })).toBe(true);
  });

  it('stays recorded as ended until all its access tokens have expired', () => {
    const at = 1_900_000_000_000;
    const ended = { ...access, endedSessions: { one: rememberUntil(at) } };
    const lastTokenExpires = at + 15 * 60 * 1000;
    expect(forgettableSessions(ended, lastTokenExpires + 30_000)).toEqual([]);
    expect(forgettableSessions(ended, lastTokenExpires + 5 * 60 * 1000)).toEqual(['one']);
  });
});
