import { defineRoute } from '../kit/define-route.ts';
import { templateId } from '../schemas/template.ts';
import { notPlatformStaff, templateNotFound } from './problems.ts';

export const deleteTemplate = defineRoute({
  operationId: 'deleteTemplate',
  method: 'DELETE',
  path: '/api/v1/templates/{templateId}',
  access: 'templates:manage',
  summary: 'Delete a template',
  description:
    'Frees the key and the shortcut. For 30 days, an update with `deleted: false` restores the template. Forms that were already sent do not change.',
  params: { templateId },
  responses: { 204: null },
  problems: [templateNotFound, notPlatformStaff],
  idempotent: 'yes',
});
