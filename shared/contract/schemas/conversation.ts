import * as z from 'zod/mini';
import { conversationId, timestamp, userId } from './ids.ts';
import { message } from './message.ts';

export const participant = z
  .object({
    userId,
    role: z.enum(['member', 'admin']),
    deliveredSeq: z
      .int()
      .check(z.meta({ description: 'Number of the newest entry that reached the user’s devices', examples: [42] })),
    readSeq: z.int().check(z.meta({ description: 'Number of the newest entry that the user read', examples: [40] })),
  })
  .register(z.globalRegistry, { id: 'Participant', description: 'A user’s part in a conversation' });

export const conversation = z
  .object({
    id: conversationId,
    kind: z.enum(['direct']),
    participants: z.array(participant),
    lastSeq: z.int().check(z.meta({ description: 'Number of the newest entry; 0 when there is none', examples: [42] })),
    lastMessage: z.optional(message),
    unreadCount: z
      .int()
      .check(z.meta({ description: 'Messages of others that the caller has not read, exactly', examples: [2] })),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'Conversation', description: 'A conversation as the caller sees it' });
export type Conversation = z.infer<typeof conversation>;
