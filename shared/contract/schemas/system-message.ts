import * as z from 'zod/mini';
import { userId } from './ids.ts';
import { ticket } from './ticket.ts';
import { alertedGroups, slaMetrics } from './support.ts';

export const system = z
  .object({
    kind: z.enum([
      'created',
      'joined',
      'left',
      'removed',
      'role-changed',
      'changed',
      'opened',
      'assigned',
      'unassigned',
      'transferred',
      'resolved',
      'closed',
      'reopened',
      'edited',
      'escalated',
      'acknowledged',
      'sla-warning',
      'sla-breach',
      'wiped',
      'ticket',
      'ticket-comment',
    ]),
    userIds: z.optional(
      z.array(userId).check(
        z.meta({
          description:
            'Users who joined, left, were removed or have another role. For a new group, at most 100 users besides its creator.',
        }),
      ),
    ),
    role: z.optional(z.enum(['member', 'admin']).check(z.describe('The new role'))),
    name: z.optional(z.string().check(z.meta({ description: 'The new name', examples: ['Harbour team'] }))),
    history: z.optional(z.enum(['full', 'since-joining']).check(z.describe('The new setting'))),
    reason: z.optional(z.string().check(z.describe('The reason that the user gave. Only agents see it.'))),
    changed: z.optional(
      z.array(z.string()).check(z.meta({ description: 'Changed members', examples: [['priority', 'tags']] })),
    ),
    subject: z.optional(z.nullable(z.string()).check(z.describe('The new subject; null if it was removed'))),
    description: z.optional(z.nullable(z.string()).check(z.describe('The new description; null if it was removed'))),
    metadata: z.optional(
      z
        .nullable(z.record(z.string(), z.unknown()))
        .check(z.describe('The new metadata of the conversation; null if they were removed')),
    ),
    metric: z.optional(z.enum(slaMetrics)),
    alerted: z.optional(
      z
        .array(z.enum(alertedGroups))
        .check(z.describe('The people whom the service alerted in this step of the escalation')),
    ),
    ticket: z.optional(ticket.check(z.describe('The ticket in another system, as it is now'))),
    text: z.optional(
      z.string().check(z.meta({ description: 'Comment of the ticket', examples: ['We have replaced the card.'] })),
    ),
    author: z.optional(
      z.string().check(z.meta({ description: 'Author in the other system', examples: ['Beth Anglin'] })),
    ),
    successorId: z.optional(
      userId.check(z.meta({ description: 'User who became an admin because the last admin left or cannot act' })),
    ),
  })
  .register(z.globalRegistry, {
    id: 'SystemMessage',
    description: 'A change of the conversation by the user `senderId` of the message',
  });
export type SystemMessage = z.infer<typeof system>;
