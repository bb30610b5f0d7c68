import { defineRoute } from '../kit/define-route.ts';
import { template, templateId } from '../schemas/template.ts';
import { templateNotFound } from './problems.ts';

export const getTemplate = defineRoute({
  operationId: 'getTemplate',
  method: 'GET',
  path: '/api/v1/templates/{templateId}',
  access: 'templates:read',
  summary: 'Get a template',
  params: { templateId },
  responses: { 200: template },
  problems: [templateNotFound],
  idempotent: 'safe',
});
