import { messageCreatedEvent, messageDeletedEvent, messageUpdatedEvent } from '../shared/contract/events/events.ts';
import { consumeAll } from '../shared/transport/consumer.ts';
import { indexMessage } from '../shared/features/search/index-message.ts';

export const handler = consumeAll([messageCreatedEvent, messageUpdatedEvent, messageDeletedEvent], indexMessage);
