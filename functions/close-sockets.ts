import { sessionsEndedEvent } from '../shared/contract/events/events.ts';
import { consume } from '../shared/handler/consumer.ts';
import { closeSockets } from '../shared/realtime/close-sockets.ts';

export const handler = consume(sessionsEndedEvent, closeSockets);
