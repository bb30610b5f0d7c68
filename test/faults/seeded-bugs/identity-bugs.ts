import type { SeededBug } from './seeded-bug.ts';

export const identityBugs: readonly SeededBug[] = [
  {
    name: 'a used refresh token never becomes invalid',
    file: 'shared/features/identity/session-rules.ts',
    find: 'at - rotatedAt <= refreshGraceMs;',
    replaceBy: 'at >= rotatedAt;',
    caughtBy: {
      file: 'shared/features/identity/session-rules.test.ts',
      test: 'decideRefresh > repeats the successor for ten seconds after the exchange',
    },
  },
  {
    name: 'a session continues after its account is suspended',
    file: 'shared/features/identity/session-access.ts',
    find: "    access.status === 'active' &&\n",
    replaceBy: '',
    caughtBy: {
      file: 'shared/features/identity/session-access.test.ts',
      test: 'a session > is over when the account is suspended',
    },
  },
  {
    name: 'sessions with an older version continue',
    file: 'shared/features/identity/session-access.ts',
    find: 'access.sessionVersion === session.sessionVersion',
    replaceBy: 'access.sessionVersion >= session.sessionVersion',
    caughtBy: {
      file: 'shared/features/identity/session-access.test.ts',
      test: 'a session > is over when the account has a higher or lower session version',
    },
  },
  {
    name: 'a limit allows one attempt too many',
    file: 'shared/features/identity/attempt-limits.ts',
    find: 'return at + (limit.burst - weight) * limit.intervalMs;',
    replaceBy: 'return at + limit.burst * limit.intervalMs;',
    caughtBy: {
      file: 'shared/features/identity/attempt-limits.test.ts',
      test: 'an attempt limit > accepts a burst at once and one more attempt per interval',
    },
  },
];
