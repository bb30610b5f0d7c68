import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { checkNewTemplate, newTemplateMembers, template, templateScope } from '../schemas/template.ts';
import { notPlatformStaff, shortcutTaken, templateKeyTaken, templateLimitReached } from './problems.ts';

export const createTemplate = defineRoute({
  operationId: 'createTemplate',
  method: 'POST',
  path: '/api/v1/templates',
  access: 'templates:manage',
  summary: 'Create a template',
  description:
    'Creates a template of your tenant, or a global one if you are platform staff. A repeated request answers 200 with the existing template if it has the same key, language and content.',
  params: {},
  body: z
    .strictObject({
      scope: z._default(templateScope, 'tenant'),
      ...newTemplateMembers,
    })
    .check(
      checkNewTemplate,
      z.meta({
        examples: [
          {
            kind: 'reply',
            key: 'log-upload-request',
            name: 'Log upload request',
            language: 'en',
            text: 'Hello {customer|there}, please upload the logs of {host}.',
          },
        ],
      }),
    ),
  responses: { 201: template, 200: template },
  problems: [notPlatformStaff, templateKeyTaken, shortcutTaken, templateLimitReached],
  idempotent: 'key',
});
