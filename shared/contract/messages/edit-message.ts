import * as z from 'zod/mini';
import { conversationClosed } from '../desk/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import {
  clockSkew,
  conversationBusy,
  conversationNotFound,
  editWindowOver,
  idempotencyConflict,
  messageDeleted,
  messageNotEditable,
  messageNotFound,
  messageTooLong,
  notTheSender,
  throttled,
} from '../problems.ts';
import { clientMessageId, conversationId, seqParameter } from '../schemas/ids.ts';
import { message, messageLocation, messageText } from '../schemas/message.ts';

export const editProblems = [
  conversationNotFound,
  messageNotFound,
  notTheSender,
  messageDeleted,
  messageNotEditable,
  editWindowOver,
  messageTooLong,
  throttled,
  clockSkew,
  idempotencyConflict,
  conversationBusy,
  conversationClosed,
] as const;

export const editMembers = {
  text: z.optional(messageText),
  location: z.optional(messageLocation),
  clientMessageId: z.optional(
    clientMessageId.check(
      z.meta({
        description:
          'A ULID or lower-case UUIDv7 that the client generates once for each edit. With it, repeating the request is safe even after a later edit.',
      }),
    ),
  ),
};

export const editExample = { text: 'Shall we meet at ten?', clientMessageId: '01KAJ78Z1FHBM3N6Q9S2V5X8ZA' } as const;

interface EditMembers {
  readonly text?: string | undefined;
  readonly location?: unknown;
}

export function checkEdit({ value, issues }: z.core.ParsePayload<EditMembers>): void {
  if (value.text === undefined && value.location === undefined) {
    issues.push({ code: 'custom', path: ['text'], message: 'is required, unless location is sent', input: value });
  }
  if (value.text !== undefined && value.location !== undefined) {
    issues.push({ code: 'custom', path: ['location'], message: 'must not be combined with text', input: value });
  }
}

export const editMessage = defineRoute({
  operationId: 'editMessage',
  method: 'PATCH',
  path: '/api/v1/conversations/{conversationId}/messages/{seq}',
  access: 'messages:change',
  summary: 'Edit a message',
  description:
    'Only the sender can edit a message. The text can be replaced within the time that the tenant allows (guests: 5 minutes), and a live location can be moved until its `liveUntil`. The service keeps the earlier versions. An edit that changes nothing returns the message as it is.',
  params: { conversationId, seq: seqParameter },
  body: z.strictObject(editMembers).check(checkEdit, z.meta({ examples: [editExample] })),
  responses: { 200: message },
  problems: editProblems,
  idempotent: 'key',
});
