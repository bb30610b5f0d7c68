import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, messageTooLong } from '../problems.ts';
import { draftChanged } from './problems.ts';
import { draft, newDraft } from '../schemas/draft.ts';
import { conversationId } from '../schemas/ids.ts';

export const saveDraft = defineRoute({
  operationId: 'saveDraft',
  method: 'PUT',
  path: '/api/v1/conversations/{conversationId}/draft',
  access: 'drafts:manage',
  summary: 'Save your draft for a conversation',
  description:
    'Replaces the draft. The last save wins, unless you send the `revision` that you replace. Your devices get `draft.updated`. Sending a message does not delete the draft: delete it after you send.',
  params: { conversationId },
  body: newDraft,
  responses: { 200: draft },
  problems: [conversationNotFound, draftChanged, messageTooLong],
  idempotent: 'yes',
});
