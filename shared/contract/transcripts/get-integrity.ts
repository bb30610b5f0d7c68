import * as z from 'zod/mini';
import { rateLimited } from '../conversations/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import { conversationId, seq, timestamp } from '../schemas/ids.ts';

const integrity = z
  .object({
    verdict: z
      .enum(['intact', 'changed'])
      .check(z.describe('`changed`: someone with access to the table changed or removed an entry')),
    entries: z.int().check(z.meta({ description: 'Entries that were verified', examples: [42] })),
    changed: z.optional(
      z.object({
        seq: seq.check(z.describe('Number of the first entry that is not as it was written')),
        reason: z
          .enum(['gap', 'time', 'count', 'hash', 'content', 'fold', 'end'])
          .check(z.meta({ examples: ['hash'] })),
      }),
    ),
    anchored: z.optional(
      z
        .object({ seq, at: timestamp })
        .check(z.describe('The newest entry that a signed checkpoint outside the table confirms, and its time')),
    ),
    forgedCheckpoints: z.int().check(z.describe('Stored checkpoints without a valid signature')),
  })
  .register(z.globalRegistry, { id: 'Integrity', description: 'Whether a conversation is as it was written' });

export const getIntegrity = defineRoute({
  operationId: 'getIntegrity',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/integrity',
  access: 'messages:read',
  summary: 'Verify a conversation',
  description:
    'Verifies the hash chain of the whole conversation, each content, and the log against every signed checkpoint. After a customer wiped the conversation, it verifies the chain only.',
  params: { conversationId },
  responses: { 200: integrity },
  problems: [conversationNotFound, rateLimited],
  idempotent: 'safe',
});
