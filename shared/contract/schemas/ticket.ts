import * as z from 'zod/mini';
import { id } from './ids.ts';

export const integrationId = id.check(
  z.meta({ description: 'Id of the integration, a ULID', examples: ['01KAJ7H8VQCR6T9X2Z5B8D1F3G'] }),
);

export const ticketState = z.enum(['pending', 'linked', 'paused', 'failed', 'ended']).register(z.globalRegistry, {
  id: 'TicketState',
  description:
    'A `pending` ticket is about to be created. A `linked` one receives updates. A `paused` one was updated too often in a short time, and a `failed` one was rejected by the other system: an admin can replay both. An `ended` one receives no more updates.',
  examples: ['linked'],
});
export type TicketState = z.infer<typeof ticketState>;

export const ticket = z
  .object({
    integrationId,
    state: ticketState,
    externalKey: z.optional(
      z.string().check(z.meta({ description: 'Number of the ticket for people', examples: ['INC0010042'] })),
    ),
    url: z.optional(z.string().check(z.meta({ description: 'Page of the ticket', format: 'uri' }))),
    status: z.optional(
      z.string().check(z.meta({ description: 'Status as the other system names it', examples: ['In Progress'] })),
    ),
  })
  .register(z.globalRegistry, { id: 'Ticket', description: 'The ticket of a support conversation in another system' });
export type TicketView = z.infer<typeof ticket>;
