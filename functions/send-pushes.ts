import { sendPushesConsumer } from '../shared/contract/events/consumers.ts';
import { pushEvent } from '../shared/features/push/push-event.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(sendPushesConsumer, pushEvent);
