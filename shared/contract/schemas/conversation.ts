import * as z from 'zod/mini';
import { email } from './email.ts';
import { conversationId, timestamp, userId } from './ids.ts';
import { message } from './message.ts';
import { incidentId, supportMembers } from './support.ts';
import { templateId } from './template.ts';
import { unreadCount, watermarkMembers } from './receipt.ts';
import { nameDescription, recognisableName } from './text.ts';

const participantRoles = ['member', 'admin'] as const;
export const participantRole = z.enum(participantRoles);
export type ParticipantRole = z.infer<typeof participantRole>;

export const participant = z
  .object({
    userId,
    role: z.enum([...participantRoles, 'agent']),
    ...watermarkMembers,
  })
  .register(z.globalRegistry, { id: 'Participant', description: 'A user who takes part in a conversation' });

export const conversationKind = z.enum(['direct', 'group', 'support']);

export const historyVisibility = z
  .enum(['full', 'since-joining'])
  .check(z.describe('Whether newcomers to a group see earlier messages'));
export type HistoryVisibility = z.infer<typeof historyVisibility>;

export const conversationName = recognisableName(100).check(
  z.meta({ description: nameDescription, examples: ['Harbour team'] }),
);

export const personReference = z
  .strictObject({
    userId: z.optional(userId),
    email: z.optional(email),
  })
  .register(z.globalRegistry, {
    id: 'PersonReference',
    description: 'A user of your tenant, by either `userId` or `email`',
    examples: [{ userId: '01KAJ70B6DF9H2J4K7M0P3Q6RS' }],
  });
export type PersonReference = z.infer<typeof personReference>;

export function checkPeople({ value, issues }: z.core.ParsePayload<PersonReference[]>): void {
  for (const [index, person] of value.entries()) {
    if ((person.userId === undefined) === (person.email === undefined)) {
      issues.push({ code: 'custom', path: [index], message: 'must have either userId or email', input: person });
    }
  }
}

/** Only support conversations have these members. */
const supportInConversation = {
  ...supportMembers,
  status: z.optional(supportMembers.status),
  priority: z.optional(supportMembers.priority),
  customerId: z.optional(userId.check(z.describe('The guest or user who needs help'))),
  subject: z.optional(z.string().check(z.meta({ description: 'Subject', examples: ['I cannot log in'] }))),
  description: z.optional(z.string()),
  metadata: z.optional(z.record(z.string(), z.unknown())),
  incidentId: z.optional(incidentId),
  templateId: z.optional(templateId),
};

export const conversation = z
  .object({
    id: conversationId,
    kind: conversationKind,
    name: z.optional(z.string().check(z.meta({ description: 'Name of a group', examples: ['Harbour team'] }))),
    history: z.optional(historyVisibility),
    ...supportInConversation,
    participants: z.array(participant),
    lastSeq: z.int().check(z.meta({ description: 'Number of the newest entry; 0 if there is none', examples: [42] })),
    lastMessage: z.optional(message),
    unreadCount,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'Conversation', description: 'A conversation as the caller sees it' });
export type Conversation = z.infer<typeof conversation>;
