export interface SocketCredentials {
  readonly via: 'subprotocol' | 'ticket' | 'token';
  readonly value: string;
}

/** The server never selects the subprotocol with the token. */
export const socketSubprotocol = 'switchboard';
const bearerPrefix = 'bearer.';

/** Uses the first of: a subprotocol `bearer.<token>` beside `switchboard`, a one-time `?ticket=`, `?token=`. */
export function socketCredentials(
  subprotocols: string | undefined,
  query: Readonly<Record<string, string | undefined>>,
): SocketCredentials | undefined {
  const offered = (subprotocols ?? '').split(',').map((name) => name.trim());
  const bearer = offered.find((name) => name.startsWith(bearerPrefix));
  if (bearer !== undefined) {
    // A browser fails the handshake if none of its subprotocols is selected (RFC 6455, section 4.1).
    if (!offered.includes(socketSubprotocol)) return undefined;
    return { via: 'subprotocol', value: bearer.slice(bearerPrefix.length) };
  }
  if (query['ticket'] !== undefined) return { via: 'ticket', value: query['ticket'] };
  if (query['token'] !== undefined) return { via: 'token', value: query['token'] };
  return undefined;
}
