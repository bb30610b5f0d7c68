/** API Gateway closes connections after 2 hours. Clients reconnect ten minutes before. */
const longestConnectionMs = 110 * 60 * 1000;
/** How long before the token's expiry clients reconnect. After the expiry, the service rejects frames. */
const beforeExpiryMs = 60 * 1000;

/** The time from which the client should reconnect, in milliseconds since the epoch. */
export function reconnectDue(
  session: { readonly expiresAt: number },
  connection: { readonly connectedAt: number },
): number {
  return Math.min(connection.connectedAt + longestConnectionMs, session.expiresAt - beforeExpiryMs);
}
