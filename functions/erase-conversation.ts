import { eraseConversationConsumer } from '../shared/contract/events/consumers.ts';
import { erase } from '../shared/features/erasure/erase.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(eraseConversationConsumer, erase);
