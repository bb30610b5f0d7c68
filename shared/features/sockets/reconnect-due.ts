/** API Gateway closes connections after 2 hours. Clients reconnect well before. */
const longestConnectionMs = 110 * 60 * 1000;
/** The time to reconnect before the token expires. The service rejects frames after that. */
const beforeExpiryMs = 60 * 1000;

/** The time from which the client should reconnect, in milliseconds since the epoch. */
export function reconnectDue(
  session: { readonly expiresAt: number },
  connection: { readonly connectedAt: number },
): number {
  return Math.min(connection.connectedAt + longestConnectionMs, session.expiresAt - beforeExpiryMs);
}
