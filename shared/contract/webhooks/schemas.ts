import * as z from 'zod/mini';
import { id, timestamp, userId } from '../schemas/ids.ts';
import { oneLine, text, visible } from '../schemas/text.ts';
import { webhookEventTypes } from '../events/webhook-events.ts';

export const mostWebhooks = 20;

export const webhookId = id.check(
  z.meta({ description: 'Id of the webhook, a ULID', examples: ['01KAJ8A1B2C3D4E5F6G7H8J9KM'] }),
);
export const deliveryId = id.check(
  z.meta({
    description: 'Id of the delivery, a ULID. Receivers get it as `webhook-id`, the same at every attempt and replay.',
    examples: ['01KAJ8B1B2C3D4E5F6G7H8J9KM'],
  }),
);

const example = 'https://hooks.example.org/switchboard';
export const webhookUrl = text(
  z.minLength(1),
  z.maxLength(2048),
  z.meta({ description: 'Receives the events. Begins with `https://`.', examples: [example] }),
);
export const webhookDescription = text(
  z.minLength(1),
  z.maxLength(200),
  visible,
  oneLine,
  z.meta({ examples: ['Reporting'] }),
);
const distinct = z.refine<readonly string[]>(
  (values) => new Set(values).size === values.length,
  'must not name a value twice',
);
export const webhookTypes = z
  .array(z.enum(webhookEventTypes))
  .check(
    z.minLength(1),
    z.maxLength(50),
    distinct,
    z.meta({ description: 'The types of events to send', examples: [['message.created', 'conversation.assigned']] }),
  );
export const conversationKind = z.enum(['direct', 'group', 'support']);
export const conversationKinds = z.array(conversationKind).check(
  z.minLength(1),
  z.maxLength(3),
  distinct,
  z.meta({
    description: 'Events about conversations are sent for these kinds only. Does not affect other events.',
    examples: [['support']],
  }),
);
export const webhookSecret = z.string().check(
  z.meta({
    description: 'Signs the deliveries: `whsec_` and 32 bytes in Base64. Shown only once.',
    examples: ['whsec_c3dpdGNoYm9hcmQtdGVzdC1zZWNyZXQtMzJieXRlcyE='],
  }),
);

const replay = z
  .object({
    id: id.check(z.meta({ description: 'Id of the replay, a ULID', examples: ['01KAJ8C1B2C3D4E5F6G7H8J9KM'] })),
    status: z.enum(['running', 'ended']),
    replayed: z.int().check(z.describe('Deliveries that were stored as pending again')),
    createdAt: timestamp,
    endedAt: z.optional(timestamp),
  })
  .register(z.globalRegistry, { id: 'WebhookReplay', description: 'The replay of the deliveries of a time span' });
export const webhookReplay = replay;

export const webhook = z
  .object({
    id: webhookId,
    url: z.string().check(z.meta({ examples: [example] })),
    description: z.optional(z.string().check(z.meta({ examples: ['Reporting'] }))),
    types: z.array(z.string()).check(z.meta({ examples: [['message.created', 'conversation.assigned']] })),
    conversationKinds: z.array(conversationKind).check(z.meta({ examples: [['support']] })),
    enabled: z.boolean(),
    disabledReason: z.optional(
      z
        .enum(['gone', 'failing'])
        .check(
          z.describe(
            'Why the service disabled the webhook: it answered 410, or every delivery has failed for five days. Events are stored for replay for seven days.',
          ),
        ),
    ),
    disabledAt: z.optional(timestamp),
    failingSince: z.optional(timestamp.check(z.describe('Present while deliveries fail'))),
    pausedUntil: z.optional(
      timestamp.check(z.describe('The next attempt of any delivery, while the receiver is down')),
    ),
    previousSecretExpiresAt: z.optional(timestamp.check(z.describe('Until then, deliveries have two signatures'))),
    replay: z.optional(replay.check(z.describe('The last replay of a time span'))),
    createdBy: userId,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'Webhook', description: 'Sends events of the tenant to a URL' });

export const deliveryStatus = z.enum(['pending', 'delivered', 'failed']).check(z.meta({ examples: ['delivered'] }));

const deliveryFields = {
  id: deliveryId,
  type: z.string().check(z.meta({ examples: ['message.created'] })),
  status: deliveryStatus,
  attempts: z.int().check(z.meta({ description: 'All attempts so far', examples: [1] })),
  replays: z.int().check(z.meta({ description: 'How often it was replayed', examples: [0] })),
  createdAt: timestamp,
  lastAttemptAt: z.optional(timestamp),
  httpStatus: z.optional(z.int().check(z.meta({ description: 'Of the last answer', examples: [204] }))),
  error: z.optional(
    z.string().check(
      z.meta({
        description:
          'Why the last attempt failed: `status`, `dns`, `refused`, `timeout`, `tls`, `too-large`, `reset`, `gone`, `disabled` or `deleted`',
        examples: ['status'],
      }),
    ),
  ),
};
export const webhookDelivery = z
  .object(deliveryFields)
  .register(z.globalRegistry, { id: 'WebhookDelivery', description: 'An event that is sent to a webhook' });
export const webhookDeliveryDetails = z
  .object({
    ...deliveryFields,
    body: z.string().check(
      z.meta({
        description: 'The exact body of the request',
        examples: ['{"id":"01KAJ76X8FHAK2M5P8R1T4W7YZ","type":"message.created"}'],
      }),
    ),
    answer: z.optional(
      z.string().check(z.meta({ description: 'The beginning of the last answer, at most 1 KiB', examples: ['OK'] })),
    ),
  })
  .register(z.globalRegistry, { id: 'WebhookDeliveryDetails', description: 'A delivery with its texts' });
