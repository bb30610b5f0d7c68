import { indexMessagesConsumer } from '../shared/contract/events/consumers.ts';
import { consume } from '../shared/transport/consumer.ts';
import { indexMessage } from '../shared/features/search/index-message.ts';

export const handler = consume(indexMessagesConsumer, indexMessage);
