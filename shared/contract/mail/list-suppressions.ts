import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { suppression } from '../schemas/suppression.ts';

export const listSuppressions = defineRoute({
  operationId: 'listSuppressions',
  method: 'GET',
  path: '/api/v1/admin/suppressions',
  access: 'mail:manage',
  summary: 'List the addresses that get no mail',
  description:
    'The service stops mails to an address that bounced for good, whose owner marked a mail as spam, or whose owner unsubscribed from answers. The list has no particular order.',
  params: {},
  query: z.strictObject({ limit: limitParameter(20), cursor: cursorParameter }),
  responses: { 200: page(suppression) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
