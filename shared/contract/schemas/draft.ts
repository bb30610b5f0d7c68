import * as z from 'zod/mini';
import { conversationId, seq, timestamp } from './ids.ts';
import { longestText } from './message.ts';
import { text } from './text.ts';

export const draftText = text(
  z.minLength(1),
  z.maxLength(longestText * 2),
  z.meta({
    description:
      'Stored exactly as sent. The limits are those of a message. A draft may consist of white space: a user may be about to write more.',
    examples: ['Shall we meet'],
  }),
);

export const draftRevision = z.int().check(
  z.minimum(0),
  z.meta({
    description: 'Rises with every change of the draft, also after a deletion. 0 if there is no draft.',
    examples: [1795249800001],
  }),
);

const replyTo = seq.check(z.meta({ description: 'Number of the message to reply to', examples: [41] }));

export const newDraft = z
  .strictObject({
    text: draftText,
    replyTo: z.optional(replyTo),
    revision: z.optional(
      draftRevision.check(
        z.describe('The revision that you replace; 0 if you know of no draft. Without it, the last save wins.'),
      ),
    ),
  })
  .register(z.globalRegistry, {
    id: 'NewDraft',
    description: 'A draft to save',
    examples: [{ text: 'Shall we meet' }],
  });
export type NewDraft = z.infer<typeof newDraft>;

export const draft = z
  .object({
    conversationId,
    text: z.string().check(z.meta({ examples: ['Shall we meet'] })),
    replyTo: z.optional(replyTo),
    revision: draftRevision,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'Draft',
    description: 'An unsent text of the caller. It expires 90 days after its last change.',
  });
export type Draft = z.infer<typeof draft>;
