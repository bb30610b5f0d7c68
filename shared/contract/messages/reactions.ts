import * as z from 'zod/mini';
import { conversationClosed } from '../desk/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import {
  clockSkew,
  conversationBusy,
  conversationNotFound,
  idempotencyConflict,
  messageDeleted,
  messageNotFound,
  throttled,
  tooManyReactions,
} from '../problems.ts';
import { emoji } from '../schemas/emoji.ts';
import { clientMessageId, conversationId, seq, seqParameter } from '../schemas/ids.ts';
import { reaction } from '../schemas/message.ts';

export const reactionRemovalProblems = [
  conversationNotFound,
  messageNotFound,
  messageDeleted,
  throttled,
  clockSkew,
  idempotencyConflict,
  conversationBusy,
  conversationClosed,
] as const;
export const reactionProblems = [...reactionRemovalProblems, tooManyReactions] as const;

export const messageReactions = z
  .object({
    conversationId,
    messageSeq: seq.check(z.describe('Number of the message')),
    updatedSeq: seq.check(z.meta({ description: 'Number of the entry that last changed the message', examples: [43] })),
    reactions: z.array(reaction),
  })
  .register(z.globalRegistry, { id: 'MessageReactions', description: 'All reactions of a message' });
export type MessageReactions = z.infer<typeof messageReactions>;

export const reactionOutcome = z
  .extend(messageReactions, {
    seq: z.optional(seq).check(
      z.meta({
        description: 'Number of the entry that this request created; absent if it changed nothing',
        examples: [43],
      }),
    ),
  })
  .register(z.globalRegistry, {
    id: 'ReactionOutcome',
    description: 'All reactions of a message after the caller’s change',
  });
export type ReactionOutcome = z.infer<typeof reactionOutcome>;

export const reactionId = z.optional(
  clientMessageId.check(
    z.meta({
      description:
        'A ULID or lower-case UUIDv7 that the client generates once for each change. With it, a repetition that arrives after a later change has no effect.',
    }),
  ),
);

const query = z.strictObject({ clientMessageId: reactionId });
const params = { conversationId, seq: seqParameter, emoji };
const path = '/api/v1/conversations/{conversationId}/messages/{seq}/reactions/{emoji}';

export const addReaction = defineRoute({
  operationId: 'addReaction',
  method: 'PUT',
  path,
  access: 'messages:react',
  summary: 'Add a reaction',
  description:
    'A user can add each emoji once. Percent-encode the emoji in the path. A message can have at most 20 different emojis and 500 reactions.',
  params,
  query,
  responses: { 200: reactionOutcome },
  problems: reactionProblems,
  idempotent: 'yes',
});

export const removeReaction = defineRoute({
  operationId: 'removeReaction',
  method: 'DELETE',
  path,
  access: 'messages:react',
  summary: 'Remove a reaction',
  description: 'Removes your reaction with this emoji. Without such a reaction, nothing changes.',
  params,
  query,
  responses: { 200: reactionOutcome },
  problems: reactionRemovalProblems,
  idempotent: 'yes',
});
