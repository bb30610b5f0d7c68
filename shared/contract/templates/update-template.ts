import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import {
  template,
  templateFields,
  templateId,
  templateKey,
  templateLanguage,
  templateName,
  templateShortcut,
  templateText,
  templateTopic,
} from '../schemas/template.ts';
import {
  notAForm,
  notPlatformStaff,
  shortcutTaken,
  templateDeleted,
  templateKeyTaken,
  templateLimitReached,
  templateNotFound,
} from './problems.ts';

export const updateTemplate = defineRoute({
  operationId: 'updateTemplate',
  method: 'PATCH',
  path: '/api/v1/templates/{templateId}',
  access: 'templates:manage',
  summary: 'Update or restore a template',
  description:
    'Fields that you omit keep their values, and null removes a value. `deleted: false` restores a template that was deleted at most 30 days ago. If another template has taken its key or shortcut, restore it with another one. Forms that were already sent do not change.',
  params: { templateId },
  body: z
    .strictObject({
      key: z.optional(templateKey),
      name: z.optional(templateName),
      topic: z.optional(z.nullable(templateTopic)),
      language: z.optional(templateLanguage),
      shortcut: z.optional(z.nullable(templateShortcut)),
      text: z.optional(templateText),
      fields: z.optional(templateFields),
      deleted: z.optional(z.literal(false).check(z.meta({ description: 'Restores the template', examples: [false] }))),
    })
    .check(z.meta({ examples: [{ name: 'Log upload request' }] })),
  responses: { 200: template },
  problems: [
    templateNotFound,
    templateDeleted,
    notPlatformStaff,
    templateKeyTaken,
    shortcutTaken,
    notAForm,
    templateLimitReached,
  ],
  idempotent: 'yes',
});
