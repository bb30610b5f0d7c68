import { deliverWebhooksConsumer } from '../shared/contract/events/consumers.ts';
import { deliverWebhooks } from '../shared/features/webhooks/deliver-webhooks.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(deliverWebhooksConsumer, deliverWebhooks);
