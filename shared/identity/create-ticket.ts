import type { createTicket as createTicketRoute } from '../contract/auth/create-ticket.ts';
import type { Handler } from '../handler/http.ts';
import { toTimestamp } from '../runtime/clock.ts';
import { issueTicket } from './ticket.ts';

/** A one-time ticket for the WebSocket of the caller's session. */
export const createTicket: Handler<typeof createTicketRoute> = async ({ principal }) => {
  const { ticket, goodUntil } = await issueTicket(principal);
  return { status: 201, body: { ticket, expiresAt: toTimestamp(goodUntil) } };
};
