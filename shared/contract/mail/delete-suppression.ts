import { defineRoute } from '../kit/define-route.ts';
import { suppressionId } from '../schemas/suppression.ts';
import { suppressionNotFound } from './problems.ts';

export const deleteSuppression = defineRoute({
  operationId: 'deleteSuppression',
  method: 'DELETE',
  path: '/api/v1/admin/suppressions/{suppressionId}',
  access: 'mail:manage',
  summary: 'Send mails to an address again',
  description: 'Do so when the cause is gone, for instance after a full mailbox was emptied.',
  params: { suppressionId },
  responses: { 204: null },
  problems: [suppressionNotFound],
  idempotent: 'yes',
});
