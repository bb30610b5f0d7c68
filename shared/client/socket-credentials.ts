import { createTicket } from '../contract/identity/create-ticket.ts';
import { answerOf } from './answer-of.ts';
import type { Session } from './session.ts';
import { Socket, type SocketCredentials, type SocketOptions } from './socket.ts';

export type SocketChoices = Omit<SocketOptions, 'url' | 'credentials' | 'clock' | 'positions' | 'since' | 'status'> & {
  readonly url: string;
  readonly socketUrl?: string;
};

/** A connection ends with its token. */
const connectionMs = 5 * 60 * 1000;

export function socketOf(
  options: SocketChoices,
  session: Session,
  state: Pick<SocketOptions, 'clock' | 'positions' | 'since' | 'status'>,
): Socket {
  return new Socket({
    ...options,
    ...state,
    url: options.socketUrl ?? `${options.url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws`,
    credentials: (checked) => socketCredentials(session, checked),
  });
}

/** If `checked`, returns a ticket: the server verifies the session to create one. */
export async function socketCredentials(session: Session, checked: boolean): Promise<SocketCredentials> {
  const token = await session.accessToken(connectionMs);
  const credentials = (via: SocketCredentials['via'], value: string): SocketCredentials => ({
    via,
    value,
    expiresAt: session.stored?.expiresAt ?? 0,
  });
  if (!checked) return credentials('bearer', token);
  return credentials('ticket', (await answerOf(session.call, createTicket)).ticket);
}
