import { createTicket } from '../contract/identity/create-ticket.ts';
import { answerOf } from './answer-of.ts';
import type { Session } from './session.ts';
import { Socket, type SocketCredentials, type SocketOptions } from './socket.ts';

/** What of a socket the client's options say. */
export type SocketChoices = Omit<SocketOptions, 'url' | 'credentials' | 'clock' | 'positions' | 'since' | 'status'> & {
  readonly url: string;
  readonly socketUrl?: string;
};

/** A connection is not worth making for less. */
const connectionMs = 5 * 60 * 1000;

/** The socket of a session; not connected yet. */
export function socketOf(
  options: SocketChoices,
  session: Session,
  more: Pick<SocketOptions, 'clock' | 'positions' | 'since' | 'status'>,
): Socket {
  return new Socket({
    ...options,
    ...more,
    url: options.socketUrl ?? `${options.url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws`,
    credentials: (checked) => socketCredentials(session, checked),
  });
}

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
