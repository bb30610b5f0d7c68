import * as z from 'zod/mini';
import { clientMessageId, conversationId, seq, timestamp, userId } from './ids.ts';

/** The most that any tenant may allow, in Unicode code points. The tenant's own limit is checked when sending. */
export const longestText = 10_000;

/** Text of a message. Kept as written: no trimming, no normalisation; it only must show something. */
export const messageText = z.string().check(
  z.minLength(1),
  z.maxLength(longestText * 2),
  z.regex(/[^\p{Z}\p{Cc}\p{Cf}]/u, 'must contain something visible'),
  z.refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
);

/** A message as it is sent. */
export const messageDraft = z.strictObject({
  type: z.literal('text'),
  text: messageText,
  clientMessageId,
});
export type MessageDraft = z.infer<typeof messageDraft>;

export const message = z.object({
  conversationId,
  seq,
  senderId: userId,
  type: z.literal('text'),
  text: z.string(),
  clientMessageId: z.string(),
  status: z.enum(['sent']),
  createdAt: timestamp,
});
export type Message = z.infer<typeof message>;
