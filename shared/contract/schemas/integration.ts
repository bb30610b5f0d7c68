import * as z from 'zod/mini';
import { timestamp } from './ids.ts';
import { priority, teamId } from './support.ts';
import { recognisableName, text, visible } from './text.ts';
import { integrationId } from './ticket.ts';

const longestSecret = 4000;
export const mostIntegrations = 10;

export const integrationName = recognisableName(60).check(
  z.meta({ description: 'Name for admins and agents', examples: ['Service desk'] }),
);
const httpsUrl = text(
  z.minLength(9),
  z.maxLength(500),
  z.regex(/^https:\/\/[!"$-~]+$/, 'must begin with https:// and have no fragment'),
);
const baseUrl = httpsUrl.check(
  z.meta({
    description: 'Address of the system, without a path',
    format: 'uri',
    examples: ['https://example.service-now.com'],
  }),
);
const secret = text(z.minLength(1), z.maxLength(longestSecret), z.meta({ format: 'password', examples: ['a-secret'] }));
const shortText = (examples: string[]) => text(z.minLength(1), z.maxLength(200), visible, z.meta({ examples }));

const basic = z.strictObject({
  type: z.literal('basic'),
  username: shortText(['switchboard']).check(z.describe('User name; for Jira, the e-mail address of the account')),
  password: z.optional(secret.check(z.describe('Password; for Jira, an API token'))),
});
const bearer = z.strictObject({ type: z.literal('bearer'), token: z.optional(secret) });
const header = z.strictObject({
  type: z.literal('header'),
  name: text(
    z.regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, 'must be the name of a header'),
    z.meta({ examples: ['X-API-Key'] }),
  ),
  value: z.optional(secret),
});
const oauth = z.strictObject({
  type: z.literal('oauth'),
  tokenUrl: httpsUrl.check(
    z.meta({
      description: 'Address that gives tokens',
      format: 'uri',
      examples: ['https://example.service-now.com/oauth_token.do'],
    }),
  ),
  clientId: shortText(['switchboard-client']),
  clientSecret: z.optional(secret),
  scope: z.optional(shortText(['write:servicedesk-request'])),
});
const none = z.strictObject({ type: z.literal('none') });

export const integrationAuth = z.union([basic, bearer, header, oauth, none]).register(z.globalRegistry, {
  id: 'IntegrationAuth',
  description:
    'How the service signs in to the other system: a name with a password or an API token, a bearer token, a header, or OAuth client credentials. Secrets are never returned. A change without the secret keeps the stored one, if type and name stay the same.',
});
export type IntegrationAuth = z.infer<typeof integrationAuth>;

/** Names of fields that decide about a ticket's identity or text. */
const ownFields = ['correlation_id', 'correlation_display', 'comments', 'work_notes', 'labels', 'summary'];
const fields = z
  .record(text(z.regex(/^[A-Za-z][A-Za-z0-9_]{0,79}$/, 'must be the name of a field')), text(z.maxLength(1000)))
  .check(
    z.refine((value) => Object.keys(value).length <= 30, 'must have at most 30 fields'),
    z.refine(
      (value) => !Object.keys(value).some((name) => ownFields.includes(name)),
      `must not contain ${ownFields.join(', ')}, which the service sets`,
    ),
    z.meta({
      description:
        'Further fields of new tickets, at most 30. Values may contain `{{subject}}`, `{{description}}`, `{{priority}}`, `{{status}}`, `{{teamId}}`, `{{conversationId}}` and `{{url}}`.',
      examples: [{ category: 'access' }],
    }),
  );

const template = text(z.minLength(2), z.maxLength(8000));
const restPath = text(
  z.regex(/^\/[!"$-~]{0,500}$/, 'must begin with / and have no spaces'),
  z.meta({
    description: 'Path, with `{{ticket.id}}` or `{{ticket.key}}` where the ticket is needed',
    examples: ['/tickets'],
  }),
);
const jsonPointer = text(
  z.regex(/^(?:\/[!-~]{1,100}){1,8}$/, 'must be a JSON pointer such as /data/id'),
  z.meta({ description: 'JSON pointer (RFC 6901)', examples: ['/data/id'] }),
);
const restRequest = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH']),
  path: restPath,
  body: template.check(
    z.meta({
      description: 'JSON text with `{{name}}` for values, which are escaped for JSON',
      examples: ['{"title":"{{subject}}","text":"{{description}}","ref":"{{correlation}}"}'],
    }),
  ),
});

export const systemOfServiceNow = z.strictObject({
  kind: z.literal('service-now'),
  url: baseUrl,
  table: z._default(
    text(z.regex(/^[a-z][a-z0-9_]{0,79}$/, 'must be the name of a table'), z.meta({ examples: ['incident'] })),
    'incident',
  ),
  auth: integrationAuth,
  fields: z.optional(fields),
});
export const systemOfJira = z.strictObject({
  kind: z.literal('jira'),
  url: baseUrl,
  serviceDeskId: text(z.regex(/^[0-9]{1,12}$/, 'must be a number'), z.meta({ examples: ['4'] })),
  requestTypeId: text(z.regex(/^[0-9]{1,12}$/, 'must be a number'), z.meta({ examples: ['27'] })),
  auth: integrationAuth,
  fields: z.optional(fields),
});
export const systemOfRest = z.strictObject({
  kind: z.literal('rest'),
  url: baseUrl,
  auth: integrationAuth,
  create: restRequest,
  comment: z.optional(restRequest),
  setStatus: z.optional(restRequest),
  search: z.optional(
    restPath.check(
      z.describe(
        'Path that finds a ticket by `{{correlation}}`. Without it, the service never repeats a creation without an answer.',
      ),
    ),
  ),
  idPointer: jsonPointer,
  keyPointer: z.optional(jsonPointer),
  urlPointer: z.optional(jsonPointer),
  statusPointer: z.optional(jsonPointer),
  success: z.optional(
    z
      .strictObject({ pointer: jsonPointer, equals: text(z.maxLength(200), z.meta({ examples: ['ok'] })) })
      .check(z.describe('The mark of a successful answer, besides its HTTP status')),
  ),
  idempotencyHeader: z.optional(
    text(
      z.regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, 'must be the name of a header'),
      z.meta({ description: 'Header for a key that is the same at every attempt', examples: ['Idempotency-Key'] }),
    ),
  ),
});
export const integrationSystem = z.union([systemOfServiceNow, systemOfJira, systemOfRest]).register(z.globalRegistry, {
  id: 'IntegrationSystem',
  description:
    'The other system: the Table API of ServiceNow, the service desk API of Jira Service Management, or any system with a JSON API.',
});
export type IntegrationSystem = z.infer<typeof integrationSystem>;

const remoteStatus = text(z.minLength(1), z.maxLength(200), visible, z.meta({ examples: ['6|Solved (Permanently)'] }));

export const ticketRules = z
  .strictObject({
    createOn: z
      ._default(z.enum(['on-start', 'on-urgent', 'on-resolve', 'by-hand']), 'by-hand')
      .check(
        z.describe(
          'When a conversation gets a ticket by itself: from its start, once it is urgent, or once it is resolved or closed. Only conversations that began after the integration do.',
        ),
      ),
    teamIds: z.optional(
      z
        .array(teamId)
        .check(z.maxLength(50), z.describe('Only conversations of these teams get a ticket by themselves')),
    ),
    priorities: z.optional(
      z
        .array(priority)
        .check(z.maxLength(4), z.describe('Only conversations with these priorities get a ticket by themselves')),
    ),
    messages: z
      ._default(z.boolean(), true)
      .check(z.describe('Whether messages become comments that the customer of the ticket can see')),
    notes: z
      ._default(z.enum(['never', 'internal']), 'never')
      .check(z.describe('Whether private notes of agents become internal comments of the ticket')),
    publicComments: z
      ._default(z.enum(['everyone', 'agents', 'never']), 'everyone')
      .check(
        z.describe('The readers of public comments of the ticket in the conversation. Only agents see internal ones.'),
      ),
    internalComments: z._default(z.enum(['agents', 'never']), 'agents'),
    conversationUrl: z.optional(
      text(
        z.maxLength(500),
        z.regex(/^https:\/\/[!-~]+$/, 'must begin with https://'),
        z.meta({
          description: 'Page of the conversation for people, with `{{conversationId}}`. New tickets contain it.',
          examples: ['https://desk.example.com/conversations/{{conversationId}}'],
        }),
      ),
    ),
    statusOut: z.optional(
      z
        .strictObject({
          waiting: z.optional(remoteStatus),
          active: z.optional(remoteStatus),
          resolved: z.optional(remoteStatus),
          closed: z.optional(remoteStatus),
        })
        .check(
          z.describe(
            'The status that the ticket gets with the conversation. For Jira, a status or a transition. For ServiceNow, a state, and after `|` the resolution code and notes if the instance demands them.',
          ),
        ),
    ),
    statusIn: z.optional(
      z.record(text(z.minLength(1), z.maxLength(100)), z.enum(['resolve', 'close', 'reopen'])).check(
        z.refine((value) => Object.keys(value).length <= 30, 'must have at most 30 entries'),
        z.meta({
          description: 'The effect of a status of the ticket on the conversation',
          examples: [{ Resolved: 'resolve', Closed: 'close' }],
        }),
      ),
    ),
  })
  .register(z.globalRegistry, { id: 'TicketRules', description: 'When tickets are created, and what is exchanged' });
export type TicketRules = z.infer<typeof ticketRules>;

export const integration = z
  .object({
    id: integrationId,
    name: z.string().check(z.meta({ examples: ['Service desk'] })),
    enabled: z.boolean(),
    system: integrationSystem.check(z.describe('Without secrets')),
    rules: ticketRules,
    inboundPath: z.string().check(
      z.meta({
        description: 'Where the other system sends its changes, relative to the API’s host',
        examples: ['/api/v1/tickets/01KAJ7H8VQCR6T9X2Z5B8D1F3G'],
      }),
    ),
    formerSecretUntil: z.optional(timestamp.check(z.describe('Until then, the former inbound secret is valid, too'))),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'Integration', description: 'A connection to a system with tickets' });
export type IntegrationView = z.infer<typeof integration>;

export const inboundSecret = z.string().check(
  z.meta({
    description: 'Signs changes that the other system sends. It is returned only here.',
    examples: ['3ae4cTq0oJyLrmW6ZzQ1Cw1n2b5s8v0yXh7uKfPd9Lg'],
  }),
);
