import type { SeededBug } from './seeded-bug.ts';

/** Mistakes about who may do what, and how often. */
export const identityBugs: readonly SeededBug[] = [
  {
    name: 'a refresh token can be used a second time, whenever',
    file: 'shared/features/identity/session-rules.ts',
    find: 'at - rotatedAt <= refreshGraceMs;',
    replaceBy: 'at >= rotatedAt;',
    caughtBy: {
      file: 'shared/features/identity/session-rules.test.ts',
      test: 'decideRefresh > repeats the successor for ten seconds after the exchange',
    },
  },
  {
    name: 'a session of a suspended account lives on',
    file: 'shared/features/identity/session-access.ts',
    find: "    access.status === 'active' &&\n",
    replaceBy: '',
    caughtBy: {
      file: 'shared/features/identity/session-access.test.ts',
      test: 'a session > is over when the account is suspended',
    },
  },
  {
    name: 'sessions of an older version live on',
    file: 'shared/features/identity/session-access.ts',
    find: 'access.sessionVersion === session.sessionVersion',
    replaceBy: 'access.sessionVersion >= session.sessionVersion',
    caughtBy: {
      file: 'shared/features/identity/session-access.test.ts',
      test: 'a session > is over when the account has a higher or lower session version',
    },
  },
  {
    name: 'one attempt more than the limit is let through',
    file: 'shared/features/identity/attempt-limits.ts',
    find: 'return at + (limit.burst - weight) * limit.intervalMs;',
    replaceBy: 'return at + limit.burst * limit.intervalMs;',
    caughtBy: {
      file: 'shared/features/identity/attempt-limits.test.ts',
      test: 'an attempt limit > accepts a burst at once and one more attempt per interval',
    },
  },
];
