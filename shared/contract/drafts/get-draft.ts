import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import { draftNotFound } from './problems.ts';
import { draft } from '../schemas/draft.ts';
import { conversationId } from '../schemas/ids.ts';

export const getDraft = defineRoute({
  operationId: 'getDraft',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/draft',
  access: 'drafts:manage',
  summary: 'Get your draft for a conversation',
  params: { conversationId },
  responses: { 200: draft },
  problems: [conversationNotFound, draftNotFound],
  idempotent: 'safe',
});
