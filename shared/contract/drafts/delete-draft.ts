import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import { draftChanged } from './problems.ts';
import { conversationId, sentAsInteger } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';

export const deleteDraft = defineRoute({
  operationId: 'deleteDraft',
  method: 'DELETE',
  path: '/api/v1/conversations/{conversationId}/draft',
  access: 'drafts:manage',
  summary: 'Delete your draft for a conversation',
  description: 'Succeeds if there is no draft. Your devices get `draft.updated` without a text.',
  params: { conversationId },
  query: z.strictObject({
    revision: z.optional(
      z
        .pipe(text(z.regex(/^(0|[1-9][0-9]{0,14})$/, 'must be the revision of a draft')), z.transform(Number))
        .check(
          z.describe('The revision that you delete. Without it, any revision is deleted.'),
          sentAsInteger({ minimum: 0, maximum: 999_999_999_999_999, examples: [1795249800001] }),
        ),
    ),
  }),
  responses: { 204: null },
  problems: [conversationNotFound, draftChanged],
  idempotent: 'yes',
});
