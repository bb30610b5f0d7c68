import type { SeededBug } from './seeded-bug.ts';

const desk = 'shared/features/desk';

export const deskRuleBugs: readonly SeededBug[] = [
  {
    name: 'opening hours ignore the change to daylight saving on its day',
    file: `${desk}/sla/calendar-rules.ts`,
    find: 'Math.min(midnight + interval.to, zone.to)',
    replaceBy: 'midnight + interval.to',
    caughtBy: {
      file: `${desk}/sla/calendar-rules.test.ts`,
      test: 'business time > is the time in which a local clock shows opening hours',
    },
  },
  {
    name: 'a change of priority forgets the time that a clock has used',
    file: `${desk}/sla/clock-rules.ts`,
    find: 'return run({ ...pause(clock, before, now), targetMinutes }',
    replaceBy: 'return run({ ...pause(clock, before, now), usedMs: 0, targetMinutes }',
    caughtBy: {
      file: `${desk}/sla/clock-rules.test.ts`,
      test: 'withTerms > carries the used time over to the targets of another priority',
    },
  },
  {
    name: 'a reopened conversation restarts the clock of its resolution',
    file: `${desk}/sla/clock-rules.ts`,
    find: 'return resume(unmet, metric, terms, now);',
    replaceBy: 'return start(terms.targetMinutes[metric], terms.calendar, now);',
    caughtBy: {
      file: `${desk}/sla/clock-rules.test.ts`,
      test: 'the clock of the resolution > is met when the conversation is resolved, and resumes when it reopens',
    },
  },
  {
    name: 'a second urgent message restarts the ladder',
    file: `${desk}/urgency/ladder-rules.ts`,
    find: '  if (current !== undefined && current.acknowledgedAt === undefined) return current;\n',
    replaceBy: '',
    caughtBy: {
      file: `${desk}/urgency/ladder-rules.test.ts`,
      test: 'startUrgency > does not restart the ladder before the acknowledgement',
    },
  },
  {
    name: 'overdue steps of the ladder alert only the groups of the last',
    file: `${desk}/urgency/ladder-rules.ts`,
    find: 'to.push(...(ladder.steps[next]?.to ?? []));',
    replaceBy: 'to.splice(0, to.length, ...(ladder.steps[next]?.to ?? []));',
    caughtBy: {
      file: `${desk}/urgency/ladder-rules.test.ts`,
      test: 'dueSteps > merges overdue steps into one alert and goes on from there',
    },
  },
  {
    name: 'an agent gets one conversation above the cap',
    file: `${desk}/assignment/choose-agent-rules.ts`,
    find: 'agent.load < agent.maxConcurrent',
    replaceBy: 'agent.load <= agent.maxConcurrent',
    caughtBy: {
      file: `${desk}/assignment/choose-agent-rules.test.ts`,
      test: 'chooseAgent > says why each other agent does not fit',
    },
  },
  {
    name: 'an agent stays available without a connection',
    file: `${desk}/assignment/availability-rules.ts`,
    find: 'until === undefined || now < until ? declared',
    replaceBy: 'until === undefined || now >= 0 ? declared',
    caughtBy: {
      file: `${desk}/assignment/availability-rules.test.ts`,
      test: 'effectiveAvailability > is away when the grace time is over',
    },
  },
];
