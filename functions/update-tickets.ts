import { updateTicketsConsumer } from '../shared/contract/events/consumers.ts';
import { updateTickets } from '../shared/features/integrations/update-tickets.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(updateTicketsConsumer, updateTickets);
