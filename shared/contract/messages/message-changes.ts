import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { deleteProblems } from './delete-message.ts';
import { checkEdit, editExample, editMembers, editProblems } from './edit-message.ts';
import { reactionId, reactionOutcome, reactionProblems, reactionRemovalProblems } from './reactions.ts';
import { emoji } from '../schemas/emoji.ts';
import { conversationId, seq } from '../schemas/ids.ts';
import { message } from '../schemas/message.ts';

const messageAddress = { conversationId, seq };

export const messageEdit = defineAction({
  action: 'message.edit',
  access: 'messages:change',
  summary: 'Edit a message',
  description: 'Works like the HTTP operation `editMessage`. `ack` has the message.',
  data: z
    .strictObject({ ...messageAddress, ...editMembers })
    .check(
      checkEdit,
      z.meta({ examples: [{ conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW', seq: 42, ...editExample }] }),
    ),
  answer: { type: 'ack', data: message },
  problems: editProblems,
});

export const messageDelete = defineAction({
  action: 'message.delete',
  access: 'messages:change',
  summary: 'Delete a message',
  description: 'Works like the HTTP operation `deleteMessage`. `ack` has the message without its content.',
  data: z.strictObject(messageAddress),
  answer: { type: 'ack', data: message },
  problems: deleteProblems,
});

export const reactionAdd = defineAction({
  action: 'reaction.add',
  access: 'messages:react',
  summary: 'Add a reaction',
  description: 'Works like the HTTP operation `addReaction`. `ack` has all reactions of the message.',
  data: z.strictObject({ ...messageAddress, emoji, clientMessageId: reactionId }),
  answer: { type: 'ack', data: reactionOutcome },
  problems: reactionProblems,
});

export const reactionRemove = defineAction({
  action: 'reaction.remove',
  access: 'messages:react',
  summary: 'Remove a reaction',
  description: 'Works like the HTTP operation `removeReaction`. `ack` has all reactions of the message.',
  data: z.strictObject({ ...messageAddress, emoji, clientMessageId: reactionId }),
  answer: { type: 'ack', data: reactionOutcome },
  problems: reactionRemovalProblems,
});
