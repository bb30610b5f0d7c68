import { eraseConversationConsumer } from '../shared/contract/events/consumers.ts';
import { eraseConversation } from '../shared/features/erasure/erase-conversation.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(eraseConversationConsumer, eraseConversation);
