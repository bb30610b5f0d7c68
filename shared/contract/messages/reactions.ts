import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import {
  conversationBusy,
  conversationNotFound,
  messageDeleted,
  messageNotFound,
  throttled,
  tooManyReactions,
} from '../problems.ts';
import { emoji } from '../schemas/emoji.ts';
import { conversationId, seq, seqParameter } from '../schemas/ids.ts';
import { reaction } from '../schemas/message.ts';

/** Refusals of taking a reaction back, the same over HTTP and WebSocket. */
export const reactionRemovalProblems = [
  conversationNotFound,
  messageNotFound,
  messageDeleted,
  throttled,
  conversationBusy,
] as const;
/** Refusals of a reaction. */
export const reactionProblems = [...reactionRemovalProblems, tooManyReactions] as const;

/** The reactions of a message after a change. */
export const messageReactions = z
  .object({
    conversationId,
    messageSeq: seq,
    updatedSeq: seq.check(z.meta({ description: 'Number of the entry that changed the message last', examples: [43] })),
    reactions: z.array(reaction),
  })
  .register(z.globalRegistry, { id: 'MessageReactions', description: 'All reactions of a message' });
export type MessageReactions = z.infer<typeof messageReactions>;

/** What became of a reaction. */
export const reactionOutcome = z
  .extend(messageReactions, {
    seq: z
      .optional(seq)
      .check(
        z.meta({ description: 'Number of the entry that this wrote; absent if it was so already', examples: [43] }),
      ),
  })
  .register(z.globalRegistry, { id: 'ReactionOutcome', description: 'All reactions of a message after an own one' });
export type ReactionOutcome = z.infer<typeof reactionOutcome>;

const params = { conversationId, seq: seqParameter, emoji };
const path = '/api/v1/conversations/{conversationId}/messages/{seq}/reactions/{emoji}';

export const addReaction = defineRoute({
  operationId: 'addReaction',
  method: 'PUT',
  path,
  access: 'guest',
  summary: 'React to a message',
  description:
    'Each user has each emoji once. The emoji stands percent-encoded in the path. A message takes 20 different emojis and 500 reactions.',
  params,
  responses: { 200: reactionOutcome },
  problems: reactionProblems,
  idempotent: 'yes',
});

export const removeReaction = defineRoute({
  operationId: 'removeReaction',
  method: 'DELETE',
  path,
  access: 'guest',
  summary: 'Take a reaction back',
  params,
  responses: { 200: reactionOutcome },
  problems: reactionRemovalProblems,
  idempotent: 'yes',
});
