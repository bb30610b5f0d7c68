import * as z from 'zod/mini';
import { conversationId, timestamp, userId } from './ids.ts';
import { message } from './message.ts';

export const participant = z.object({
  userId,
  role: z.enum(['member', 'admin']),
  deliveredSeq: z.int(),
  readSeq: z.int(),
});

export const conversation = z.object({
  id: conversationId,
  kind: z.enum(['direct']),
  participants: z.array(participant),
  lastSeq: z.int().check(z.describe('Number of the newest entry; 0 when there is none')),
  lastMessage: z.optional(message),
  unreadCount: z.int(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type Conversation = z.infer<typeof conversation>;
