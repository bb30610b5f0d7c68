/** API Gateway closes connections after 2 hours. */
const longestConnectionMs = 110 * 60 * 1000;
/** After the token's expiry, the service rejects frames. */
const beforeExpiryMs = 60 * 1000;

/** Milliseconds since the epoch. */
export function reconnectDue(
  session: { readonly expiresAt: number },
  connection: { readonly connectedAt: number },
): number {
  return Math.min(connection.connectedAt + longestConnectionMs, session.expiresAt - beforeExpiryMs);
}
