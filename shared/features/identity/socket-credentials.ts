/** How a client shows who it is when it opens a WebSocket. */
export interface SocketCredentials {
  readonly via: 'subprotocol' | 'ticket' | 'token';
  readonly value: string;
}

/** The subprotocol that the server answers with; the one that carries the token is never echoed. */
export const socketSubprotocol = 'switchboard';
const bearerPrefix = 'bearer.';

/**
 * Finds the credentials of a WebSocket handshake: a subprotocol `bearer.<token>` beside `switchboard`, a one-time
 * `?ticket=`, or `?token=`, in this order. Only one is looked at, so a good one cannot cover for a bad one.
 */
export function socketCredentials(
  subprotocols: string | undefined,
  query: Readonly<Record<string, string | undefined>>,
): SocketCredentials | undefined {
  const offered = (subprotocols ?? '').split(',').map((one) => one.trim());
  const bearer = offered.find((one) => one.startsWith(bearerPrefix));
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
