import * as z from 'zod/mini';
import { definePush } from '../kit/define-push.ts';
import { conversation } from '../schemas/conversation.ts';
import { conversationId, seq, timestamp } from '../schemas/ids.ts';
import { message } from '../schemas/message.ts';

export const messageCreated = definePush({
  type: 'message.created',
  lasting: true,
  event: true,
  summary: 'A message was written',
  data: message,
});

export const conversationCreated = definePush({
  type: 'conversation.created',
  lasting: false,
  event: true,
  summary: 'The user takes part in a new conversation',
  data: conversation,
});

/** The envelope of every event. `seq` is there when the event lasts. */
export const eventEnvelope = z
  .object({
    v: z.literal(1).check(z.describe('Version of the envelope')),
    type: z.string().check(z.meta({ description: 'What happened', examples: ['message.created'] })),
    conversationId,
    seq: z.optional(seq),
    at: timestamp,
    data: z.unknown(),
  })
  .register(z.globalRegistry, {
    id: 'EventEnvelope',
    description: 'An event of a conversation; a lasting one has `seq`',
  });
export type EventEnvelope = z.infer<typeof eventEnvelope>;

export const syncPage = definePush({
  type: 'sync.page',
  lasting: false,
  event: false,
  summary: 'Entries that the client missed, in order within each conversation',
  data: z.object({
    events: z.array(eventEnvelope),
    complete: z.boolean().check(z.meta({ description: 'True on the last page', examples: [true] })),
  }),
});

export const reconnect = definePush({
  type: 'reconnect',
  lasting: false,
  event: false,
  summary: 'The platform will soon cut this connection: connect anew',
  data: z.object({
    afterMs: z
      .int()
      .check(z.meta({ description: 'Milliseconds within which to have connected anew', examples: [30_000] })),
  }),
});

export const socketPushes = [messageCreated, conversationCreated, syncPage, reconnect] as const;
