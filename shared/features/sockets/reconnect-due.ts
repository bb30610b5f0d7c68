/** The platform ends a connection after 2 hours: clients are asked to come anew well before. */
const longestConnectionMs = 110 * 60 * 1000;
/** Time to do so before the token of the connection expires, with which its frames end. */
const beforeExpiryMs = 60 * 1000;

/** When a connection has to be replaced by a new one, in milliseconds since the epoch. */
export function reconnectDue(
  session: { readonly expiresAt: number },
  connection: { readonly connectedAt: number },
): number {
  return Math.min(connection.connectedAt + longestConnectionMs, session.expiresAt - beforeExpiryMs);
}
