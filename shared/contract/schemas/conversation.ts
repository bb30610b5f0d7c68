import * as z from 'zod/mini';
import { email } from './email.ts';
import { conversationId, timestamp, userId } from './ids.ts';
import { message } from './message.ts';
import { unreadCount, watermarkMembers } from './receipt.ts';
import { nameDescription, recognisableName } from './text.ts';

export const participantRole = z.enum(['member', 'admin']);
export type ParticipantRole = z.infer<typeof participantRole>;

export const participant = z
  .object({
    userId,
    role: participantRole,
    ...watermarkMembers,
  })
  .register(z.globalRegistry, { id: 'Participant', description: 'A user’s part in a conversation' });

export const conversationKind = z.enum(['direct', 'group']);

/** What a newcomer sees of what was written before. */
export const historyVisibility = z.enum(['full', 'since-joining']);
export type HistoryVisibility = z.infer<typeof historyVisibility>;

/** The name of a group. */
export const conversationName = recognisableName(100).check(
  z.meta({ description: nameDescription, examples: ['Harbour team'] }),
);

/** Somebody of the own tenant, by id or by e-mail address. */
export const personReference = z
  .strictObject({
    userId: z.optional(userId),
    email: z.optional(email),
  })
  .register(z.globalRegistry, {
    id: 'PersonReference',
    description: 'Somebody of the own tenant: either `userId` or `email`',
    examples: [{ userId: '01KAJ70B6DF9H2J4K7M0P3Q6RS' }],
  });
export type PersonReference = z.infer<typeof personReference>;

/** Each person is named in one way. */
export function checkPeople({ value, issues }: z.core.ParsePayload<PersonReference[]>): void {
  for (const [index, person] of value.entries()) {
    if ((person.userId === undefined) === (person.email === undefined)) {
      issues.push({ code: 'custom', path: [index], message: 'needs either userId or email', input: person });
    }
  }
}

export const conversation = z
  .object({
    id: conversationId,
    kind: conversationKind,
    name: z.optional(z.string().check(z.meta({ description: 'Of a group', examples: ['Harbour team'] }))),
    history: z.optional(historyVisibility),
    participants: z.array(participant),
    lastSeq: z.int().check(z.meta({ description: 'Number of the newest entry; 0 when there is none', examples: [42] })),
    lastMessage: z.optional(message),
    unreadCount,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'Conversation', description: 'A conversation as the caller sees it' });
export type Conversation = z.infer<typeof conversation>;
