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
  z.meta({
    description:
      'Kept exactly as written. It must show something. The tenant’s limit is counted in Unicode code points: 2000 by default, at most 10,000; guests may send 1000.',
    examples: ['Shall we meet at nine?'],
  }),
);

/** A message as it is sent. */
export const messageDraft = z
  .strictObject({
    type: z.literal('text'),
    text: messageText,
    clientMessageId,
  })
  .register(z.globalRegistry, { id: 'MessageDraft', description: 'A message as it is sent' });
export type MessageDraft = z.infer<typeof messageDraft>;

export const message = z
  .object({
    conversationId,
    seq,
    senderId: userId,
    type: z.literal('text'),
    text: z.string().check(z.meta({ examples: ['Shall we meet at nine?'] })),
    clientMessageId: z.string().check(
      z.meta({
        description: 'The id that the sender’s client chose',
        examples: ['01KAJ74S6EG9J1K4N7Q0S3V6XY'],
      }),
    ),
    status: z.enum(['sent']),
    createdAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'Message', description: 'A message, addressed by its conversation and its `seq`' });
export type Message = z.infer<typeof message>;
