import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { draft } from '../schemas/draft.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';

export const listDrafts = defineRoute({
  operationId: 'listDrafts',
  method: 'GET',
  path: '/api/v1/drafts',
  access: 'drafts:manage',
  summary: 'List your drafts',
  description:
    'Returns the drafts of the conversations that you take part in, sorted by conversation. A page can be short although `nextCursor` leads to more.',
  params: {},
  query: z.strictObject({ limit: limitParameter(20), cursor: cursorParameter }),
  responses: { 200: page(draft) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
