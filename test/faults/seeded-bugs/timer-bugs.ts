import type { SeededBug } from './seeded-bug.ts';

export const timerBugs: readonly SeededBug[] = [
  {
    name: 'a schedule fires at the exact time, and so up to a minute late',
    file: 'shared/core/timers/timer-rules.ts',
    find: 'const scheduledEarlyMs = 90_000;',
    replaceBy: 'const scheduledEarlyMs = 0;',
    caughtBy: {
      file: 'shared/core/timers/timer-rules.test.ts',
      test: 'scheduledAt > leaves half a minute for a schedule that fires a minute late',
    },
  },
  {
    name: 'failures of a few seconds use up all attempts of a wake-up',
    file: 'shared/core/timers/timer-rules.ts',
    find: '2 ** Math.max(0, receives - quickRetries)',
    replaceBy: '1',
    caughtBy: {
      file: 'shared/core/timers/timer-rules.test.ts',
      test: 'retryDelaySeconds > returns a wake-up that was received 16 times after 60 seconds',
    },
  },
  {
    name: 'the wake-ups of a process that died return after a minute',
    file: 'shared/core/timers/hold-wake-ups.ts',
    find: '  await hold();\n',
    replaceBy: '',
    caughtBy: {
      file: 'test/integration/timers/returned-wake-ups.test.ts',
      test: 'a wake-up > returns within 5 seconds when its process dies: kill-before',
    },
  },
  {
    name: 'a wake-up returns while its process still works on it',
    file: 'shared/core/timers/hold-wake-ups.ts',
    find: '    renewal = renewal.then(hold);\n',
    replaceBy: '',
    caughtBy: {
      file: 'test/integration/timers/returned-wake-ups.test.ts',
      test: 'a wake-up > does not return while its process works on it',
    },
  },
  {
    name: 'a restart of the timers leaves out those of agents',
    file: 'shared/features/desk/timers/settings-timer.ts',
    find: '  if (reached === undefined) await wakeAgents(scope, at);\n',
    replaceBy: '',
    caughtBy: {
      file: 'test/integration/desk/restarted-timers.test.ts',
      test: 'the restart of timers > makes timers run whose wake-ups were lost, also overdue ones',
    },
  },
  {
    name: 'a call to AWS without a response lasts until the function’s timeout',
    file: 'shared/core/runtime/call-limits.ts',
    find: 'throwOnRequestTimeout: true }',
    replaceBy: 'throwOnRequestTimeout: false }',
    caughtBy: {
      file: 'test/architecture/call-limits.test.ts',
      test: 'the limit of a call > ends a call that gets no response',
    },
  },
];
