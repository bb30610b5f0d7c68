import type { createTicket as createTicketRoute } from '../../contract/identity/create-ticket.ts';
import type { Handler } from '../../transport/http.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { issueTicket } from './ticket.ts';

/** A one-time ticket for the WebSocket of the caller's session. */
export const createTicket: Handler<typeof createTicketRoute> = async ({ principal }) => {
  const { ticket, goodUntil } = await issueTicket(principal);
  return { status: 201, body: { ticket, expiresAt: toTimestamp(goodUntil) } };
};
