import * as z from 'zod/mini';

/**
 * - `team`: the agents of the conversation's team, or all agents if it has no team
 * - `agents`: all agents
 * - `admins`: the admins of the tenant
 * - `on-call`: the people on call. Nothing alerts them yet.
 */
export const audiences = ['team', 'agents', 'admins', 'on-call'] as const;
export type Audience = (typeof audiences)[number];

const seconds = z
  .int()
  .check(
    z.minimum(0, 'must be at least 0 seconds'),
    z.maximum(86_400, 'must be at most 86400 seconds, which is a day'),
  );

const step = z.strictObject({
  afterSeconds: seconds.check(z.meta({ description: 'From the urgent message', examples: [15] })),
  to: z.array(z.enum(audiences)).check(
    z.minLength(1, 'must name at least one audience'),
    z.maxLength(audiences.length, `must not name more than ${audiences.length} audiences`),
    z.refine((to) => new Set(to).size === to.length, 'must not name an audience twice'),
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
        description: 'After the last step, all audiences are alerted again at this interval',
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
