import { createTicket } from '../contract/auth/create-ticket.ts';
import { answerOf } from './answer-of.ts';
import type { Session } from './session.ts';
import type { SocketCredentials } from './socket.ts';

/** A connection is not worth making for less. */
const connectionMs = 5 * 60 * 1000;

/** What a connection shows who it is with: the access token, or a ticket that the server has just made for it. */
export async function socketCredentials(session: Session, checked: boolean): Promise<SocketCredentials> {
  const token = await session.accessToken(connectionMs);
  const bearing = (via: SocketCredentials['via'], value: string): SocketCredentials => ({
    via,
    value,
    expiresAt: session.stored?.expiresAt ?? 0,
  });
  if (!checked) return bearing('bearer', token);
  return bearing('ticket', (await answerOf(session.call, createTicket)).ticket);
}
