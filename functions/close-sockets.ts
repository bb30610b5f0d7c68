import { sessionsEndedEvent } from '../shared/contract/events/events.ts';
import { consume } from '../shared/transport/consumer.ts';
import { closeSockets } from '../shared/features/sockets/close-sockets.ts';

export const handler = consume(sessionsEndedEvent, closeSockets);
