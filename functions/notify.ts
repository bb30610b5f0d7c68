import { notifyConsumer } from '../shared/contract/events/consumers.ts';
import { notifyOfEvent } from '../shared/features/by-kind/notify-of-event.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(notifyConsumer, notifyOfEvent);
