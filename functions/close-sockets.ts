import { closeSocketsConsumer } from '../shared/contract/events/consumers.ts';
import { consume } from '../shared/transport/consumer.ts';
import { closeSockets } from '../shared/features/sockets/close-sockets.ts';

export const handler = consume(closeSocketsConsumer, closeSockets);
