import * as z from 'zod/mini';
import { alertedGroups } from './support.ts';

const seconds = z
  .int()
  .check(
    z.minimum(0, 'must be at least 0 seconds'),
    z.maximum(86_400, 'must be at most 86400 seconds, which is a day'),
  );

const step = z.strictObject({
  afterSeconds: seconds.check(z.meta({ description: 'From the urgent message', examples: [15] })),
  to: z.array(z.enum(alertedGroups)).check(
    z.minLength(1, 'must name at least one group'),
    z.maxLength(alertedGroups.length, `must not name more than ${alertedGroups.length} groups`),
    z.refine((to) => new Set(to).size === to.length, 'must not name a group twice'),
    z.meta({ description: 'The people to alert', examples: [['team']] }),
  ),
});

/** The alerts after an urgent message, until a person acknowledges. */
export const escalation = z
  .strictObject({
    steps: z.array(step).check(
      z.minLength(1, 'must have at least one step'),
      z.maxLength(20, 'must not have more than 20 steps'),
      z.refine(
        (steps) =>
          steps.every(({ afterSeconds }, index) => afterSeconds > (steps[index - 1]?.afterSeconds ?? -Infinity)),
        'must be in ascending order of `afterSeconds`, without equal ones',
      ),
      z.describe(
        'Every available agent is alerted at once. A step at 0 seconds adds no one. Each later step alerts everyone in `to`.',
      ),
    ),
    repeatSeconds: seconds.check(
      z.minimum(30, 'must be at least 30 seconds'),
      z.meta({
        description: 'After the last step, all groups are alerted again at this interval',
        examples: [300],
      }),
    ),
  })
  .check(z.describe('The alerts after an urgent message, until a person acknowledges'));
export type Escalation = z.infer<typeof escalation>;

export const defaultEscalation: Escalation = {
  steps: [
    { afterSeconds: 0, to: ['team'] },
    { afterSeconds: 15, to: ['team'] },
    { afterSeconds: 30, to: ['agents'] },
    { afterSeconds: 60, to: ['admins'] },
    { afterSeconds: 120, to: ['on-call'] },
    { afterSeconds: 300, to: ['team', 'agents', 'admins', 'on-call'] },
  ],
  repeatSeconds: 300,
};
