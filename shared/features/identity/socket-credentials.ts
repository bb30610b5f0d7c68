/** How a client authenticates when it opens a WebSocket. */
export interface SocketCredentials {
  readonly via: 'subprotocol' | 'ticket' | 'token';
  readonly value: string;
}

/** The subprotocol that the server selects. It never returns the one with the token. */
export const socketSubprotocol = 'switchboard';
const bearerPrefix = 'bearer.';

/**
 * Finds the credentials of a WebSocket handshake: a subprotocol `bearer.<token>` beside `switchboard`, a one-time
 * `?ticket=`, or `?token=`, in this order. Only the first is used, so a valid one never replaces an invalid one.
 */
export function socketCredentials(
  subprotocols: string | undefined,
  query: Readonly<Record<string, string | undefined>>,
): SocketCredentials | undefined {
  const offered = (subprotocols ?? '').split(',').map((name) => name.trim());
  const bearer = offered.find((name) => name.startsWith(bearerPrefix));
  if (bearer !== undefined) {
    // A browser fails the handshake if none of the offered subprotocols is selected (RFC 6455, section 4.1), and the
    // server can only select its own.
    if (!offered.includes(socketSubprotocol)) return undefined;
    return { via: 'subprotocol', value: bearer.slice(bearerPrefix.length) };
  }
  if (query['ticket'] !== undefined) return { via: 'ticket', value: query['ticket'] };
  if (query['token'] !== undefined) return { via: 'token', value: query['token'] };
  return undefined;
}
