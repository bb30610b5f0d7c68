import * as z from 'zod/mini';
import { definePush } from '../kit/define-push.ts';
import { conversation } from '../schemas/conversation.ts';
import { conversationId, seq, timestamp } from '../schemas/ids.ts';
import { message } from '../schemas/message.ts';

export const messageCreated = definePush({
  type: 'message.created',
  lasting: true,
  summary: 'A message was written',
  data: message,
});

export const conversationCreated = definePush({
  type: 'conversation.created',
  lasting: false,
  summary: 'The user takes part in a new conversation',
  data: conversation,
});

/** The envelope of every event. `seq` is there when the event lasts. */
export const eventEnvelope = z.object({
  v: z.literal(1),
  type: z.string(),
  conversationId,
  seq: z.optional(seq),
  at: timestamp,
  data: z.unknown(),
});
export type EventEnvelope = z.infer<typeof eventEnvelope>;

export const syncPage = definePush({
  type: 'sync.page',
  lasting: false,
  summary: 'Entries that the client missed, in order within each conversation',
  data: z.object({ events: z.array(eventEnvelope), complete: z.boolean() }),
});

export const reconnect = definePush({
  type: 'reconnect',
  lasting: false,
  summary: 'The platform will soon cut this connection: connect anew',
  data: z.object({ afterMs: z.int() }),
});

export const socketPushes = [messageCreated, conversationCreated, syncPage, reconnect] as const;
