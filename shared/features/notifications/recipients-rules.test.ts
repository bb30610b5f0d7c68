import { expect, it } from 'vitest';
import { type NotificationCause, recipientsOf } from './recipients-rules.ts';

type Expected = Readonly<Record<string, string>>;

const cases: readonly (readonly [string, NotificationCause, Expected])[] = [
  ['an assignment', { type: 'assigned', actorId: 'admin', toId: 'amina' }, { amina: 'assigned' }],
  ['an agent’s own assignment', { type: 'assigned', actorId: 'amina', toId: 'amina' }, {}],
  [
    'an assignment that replaces an agent',
    { type: 'assigned', actorId: 'admin', toId: 'amina', fromId: 'boris' },
    { amina: 'assigned', boris: 'unassigned' },
  ],
  ['the end of an assignment', { type: 'unassigned', actorId: 'admin', fromId: 'amina' }, { amina: 'unassigned' }],
  ['an assignment that the agent ends', { type: 'unassigned', actorId: 'amina', fromId: 'amina' }, {}],
  [
    'a transfer to an agent',
    { type: 'transferred', actorId: 'amina', fromId: 'amina', toId: 'boris' },
    { boris: 'transferred' },
  ],
  [
    'a transfer to a team',
    { type: 'transferred', actorId: 'admin', fromId: 'amina', teamAgentIds: ['boris', 'carol'] },
    { amina: 'transferred', boris: 'queue', carol: 'queue' },
  ],
  [
    'a message of the customer',
    { type: 'message', senderId: 'customer', assigneeId: 'amina', customerId: 'customer' },
    { amina: 'new-message' },
  ],
  [
    'a message of the agent that mentions the customer and the agent',
    { type: 'message', senderId: 'amina', mentionedIds: ['customer', 'amina'], customerId: 'customer' },
    { customer: 'mention' },
  ],
  ['a note', { type: 'note', authorId: 'amina', mentionedIds: ['boris', 'amina', 'boris'] }, { boris: 'mention' }],
  [
    'a resolution',
    { type: 'resolved', actorId: 'amina', assigneeId: 'amina', customerId: 'customer' },
    { customer: 'resolved' },
  ],
  ['a closing by the system', { type: 'closed', assigneeId: 'amina' }, { amina: 'closed' }],
  ['a waiting conversation', { type: 'waiting', agentIds: ['amina', 'boris'] }, { amina: 'queue', boris: 'queue' }],
  [
    'an urgent message',
    { type: 'urgent', senderId: 'customer', assigneeId: 'amina', agentIds: ['boris', 'amina'] },
    { amina: 'urgent', boris: 'urgent' },
  ],
  [
    'a warning for an assigned conversation',
    { type: 'sla-warned', metric: 'resolution', assigneeId: 'amina', agentIds: ['boris'] },
    { amina: 'sla-warning' },
  ],
  [
    'a warning for a waiting conversation',
    { type: 'sla-warned', metric: 'resolution', agentIds: ['boris'] },
    { boris: 'sla-warning' },
  ],
  [
    'a breach',
    { type: 'sla-breached', metric: 'first-response', assigneeId: 'amina', agentIds: ['boris'] },
    { amina: 'sla-breach', boris: 'sla-breach' },
  ],
];

it.each(cases)('notifies each user once of %s', (_, cause, expected) => {
  const recipients = recipientsOf(cause);
  expect(Object.fromEntries(recipients.map(({ userId, kind }) => [userId, kind]))).toEqual(expected);
  expect(recipients).toHaveLength(Object.keys(expected).length);
});
