import * as z from 'zod/mini';
import { seq, timestamp, userId, id } from './ids.ts';
import { jsonObject, oneLine, text, visible, withoutHidden } from './text.ts';

export const supportStatus = z.enum(['waiting', 'active', 'resolved', 'closed']).register(z.globalRegistry, {
  id: 'SupportStatus',
  description:
    'A `waiting` conversation has no agent, an `active` one has one. A `resolved` one can be reopened. A `closed` one accepts no messages.',
  examples: ['waiting'],
});
export type SupportStatus = z.infer<typeof supportStatus>;

/** Ascending. */
export const priorities = ['low', 'medium', 'high', 'urgent'] as const;
export const priority = z
  .enum(priorities)
  .register(z.globalRegistry, { id: 'Priority', description: 'Ordered by meaning', examples: ['medium'] });
export type Priority = z.infer<typeof priority>;

export const teamId = id.check(
  z.meta({ description: 'Id of the team, a ULID', examples: ['01KAJ7D3QK8M2P5S9V1X4Z6B8D'] }),
);

export const tag = text(
  z.trim(),
  // Keyboards write the same letters with different code points.
  z.normalize('NFKC'),
  z.toLowerCase(),
  z.minLength(1),
  z.maxLength(40),
  z.refine<string>(
    (value) => /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._-]*$/u.test(value),
    'must begin with a letter or digit and have only letters, digits, spaces, dots, hyphens and underscores',
  ),
);
/** Each is a place in a list of the desk, and changes with the conversation in one transaction. */
export const mostTags = 10;
/** Tags of a conversation, and the skills and languages of an agent. */
export const tags = z.array(tag).check(
  z.maxLength(mostTags),
  z.refine((list) => new Set(list).size === list.length, 'must not contain a tag twice'),
  z.meta({ description: `At most ${mostTags} tags of at most 40 characters`, examples: [['billing']] }),
);

export const subject = text(
  z.trim(),
  // Keyboards for scripts from right to left add marks that a line does not need.
  z.overwrite(withoutHidden),
  z.minLength(1),
  z.maxLength(200),
  oneLine,
  visible,
  z.meta({
    description:
      'One line of at most 200 characters. Invisible characters and marks that change the direction of writing are removed, except where a script or an emoji needs them.',
    examples: ['I cannot log in'],
  }),
);
export const description = text(
  z.trim(),
  z.minLength(1),
  z.maxLength(2000),
  visible,
  z.meta({ description: 'At most 2000 characters', examples: ['The page says that my account is locked.'] }),
);
export const supportMetadata = jsonObject(4096).check(
  z.meta({
    description: 'Data of the application, as a JSON object of at most 4096 bytes. The customer and agents see it.',
    examples: [{ page: '/checkout' }],
  }),
);
export const incidentId = text(
  z.minLength(1),
  z.maxLength(255),
  z.meta({ description: 'Id of the incident in another system', examples: ['INC-42'] }),
);

export const slaMetrics = ['first-response', 'next-response', 'resolution'] as const;
export type SlaMetric = (typeof slaMetrics)[number];

export const sla = z
  .object({
    metric: z.enum(slaMetrics),
    dueAt: z.optional(timestamp.check(z.describe('Absent while the clock is paused or has stopped'))),
    state: z.enum(['active', 'at-risk', 'breached', 'paused', 'met']).check(z.meta({ examples: ['active'] })),
  })
  .register(z.globalRegistry, {
    id: 'Sla',
    description: 'The service-level clock that is due next. It is at risk from 80 % of its time on.',
  });
export type SlaView = z.infer<typeof sla>;

/**
 * The groups of people that a step of the escalation alerts:
 * - `team`: the agents of the conversation's team, or all agents if it has no team
 * - `agents`: all agents
 * - `admins`: the admins of the tenant
 * - `on-call`: the people in the tenant's setting `onCall`
 */
export const alertedGroups = ['team', 'agents', 'admins', 'on-call'] as const;
export type AlertedGroup = (typeof alertedGroups)[number];

export const urgency = z
  .object({
    raisedAt: timestamp,
    seq: seq.check(z.meta({ description: 'Number of the entry that raised the conversation', examples: [42] })),
    step: z.optional(
      z.int().check(z.meta({ description: 'Steps of the escalation so far. Only agents see it.', examples: [1] })),
    ),
    alerted: z.optional(
      z.array(z.enum(alertedGroups)).check(z.describe('The people whom the latest step alerted. Only agents see it.')),
    ),
    acknowledgedAt: z.optional(timestamp),
    acknowledgedBy: z.optional(userId.check(z.describe('The person who acknowledged'))),
  })
  .register(z.globalRegistry, {
    id: 'Urgency',
    description: 'An urgent message. The service alerts more people until a person acknowledges.',
  });
export type UrgencyView = z.infer<typeof urgency>;

/** The members that a support conversation has besides those of every conversation. They change only with entries. */
export const supportMembers = {
  status: supportStatus,
  priority,
  assigneeId: z.optional(userId.check(z.describe('The agent who answers'))),
  assigneeName: z.optional(
    z.string().check(z.meta({ description: 'Name that the agent shows to customers', examples: ['Amina'] })),
  ),
  teamId: z.optional(teamId),
  tags: z.optional(z.array(z.string()).check(z.describe('Only agents see it'))),
  urgency: z.optional(urgency),
  sla: z.optional(sla.check(z.describe('Only agents see it'))),
  waitingSince: z.optional(timestamp.check(z.describe('Since when the customer waits for an answer'))),
  archived: z.optional(z.boolean().check(z.describe('Whether lists leave the conversation out. Only agents see it.'))),
  wiped: z.optional(z.boolean().check(z.describe('True after the customer or an admin deleted the content'))),
} as const;

export const supportState = z.object(supportMembers).register(z.globalRegistry, {
  id: 'SupportState',
  description: 'The state of a support conversation. An absent member has no value.',
});
export type SupportStateView = z.infer<typeof supportState>;
