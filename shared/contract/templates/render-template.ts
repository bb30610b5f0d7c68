import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { clientMessageId } from '../schemas/ids.ts';
import { templateId, templateValues } from '../schemas/template.ts';
import { templateNotFound } from './problems.ts';

export const renderTemplate = defineRoute({
  operationId: 'renderTemplate',
  method: 'POST',
  path: '/api/v1/templates/{templateId}/render',
  access: 'templates:read',
  summary: 'Render a template',
  description:
    'Replaces the placeholders of the text. A placeholder without a value and a default stays visible, so no message is lost. With `clientMessageId`, the request counts one use of the template for that message. Repeated requests with the same id count once. Without it, the request is a preview and counts nothing. The service sends no message.',
  params: { templateId },
  body: z.strictObject({
    values: z.optional(templateValues),
    clientMessageId: z.optional(
      clientMessageId.check(z.describe('Id of the message for which the text is meant, a ULID or lower-case UUIDv7')),
    ),
  }),
  responses: {
    200: z
      .object({
        text: z.string().check(z.meta({ examples: ['Hello Alice, please upload the logs of {host}.'] })),
        unresolved: z
          .array(z.string())
          .check(
            z.meta({ description: 'Names of the placeholders that stayed visible, each once', examples: [['host']] }),
          ),
      })
      .register(z.globalRegistry, { id: 'RenderedTemplate', description: 'The text of a template with values' }),
  },
  problems: [templateNotFound],
  idempotent: 'key',
});
