import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { template, templateKind, templateLanguage, templateScope, templateTopic } from '../schemas/template.ts';
import { text } from '../schemas/text.ts';

export const listTemplates = defineRoute({
  operationId: 'listTemplates',
  method: 'GET',
  path: '/api/v1/templates',
  access: 'templates:read',
  summary: 'List templates',
  description:
    'Returns the templates of your tenant, then the global ones, each the oldest first. All filters must match. With filters, a page may have fewer items than `limit`, or none, before the last page: continue until `nextCursor` is null.',
  params: {},
  query: z.strictObject({
    scope: z.optional(templateScope),
    kind: z.optional(templateKind),
    language: z.optional(
      templateLanguage.check(z.describe('A language tag. It also finds longer tags: `en` finds `en-GB`.')),
    ),
    topic: z.optional(templateTopic.check(z.describe('Exact topic'))),
    q: z.optional(
      text(
        z.minLength(1),
        z.maxLength(100),
        z.meta({
          description: 'Part of the name, key, topic, shortcut or text. Ignores case.',
          examples: ['logs'],
        }),
      ),
    ),
    deleted: z.optional(
      z.literal('true').check(
        z.meta({
          description:
            'Returns deleted templates instead, which can be restored. Only admins see those of their tenant, and platform staff see global ones.',
          examples: ['true'],
        }),
      ),
    ),
    limit: limitParameter(50),
    cursor: cursorParameter,
  }),
  responses: { 200: page(template) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
