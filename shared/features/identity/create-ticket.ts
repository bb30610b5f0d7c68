import type { createTicket as createTicketRoute } from '../../contract/identity/create-ticket.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { UseCase } from '../../core/use-case.ts';
import { issueTicket } from './ticket.ts';

export const createTicket: UseCase<typeof createTicketRoute> = async (principal) => {
  const { ticket, goodUntil } = await issueTicket(principal);
  return { ticket, expiresAt: toTimestamp(goodUntil) };
};
