import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

type Headers = Readonly<Record<string, string | undefined>>;
type Kind = 'service-now' | 'jira' | 'rest';

/** By lower-case name. */
const tokenHeader = 'x-switchboard-token';
const signatureHeaders = { jira: 'x-hub-signature', rest: 'x-switchboard-signature' } as const;

/**
 * Whether one of the secrets proves the sender. Jira signs with the header of WebSub, here with SHA-256:
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
 */
export function isFromSystem(kind: Kind, headers: Headers, body: Uint8Array, secrets: readonly string[]): boolean {
  const sent = kind === 'service-now' ? headers[tokenHeader] : headers[signatureHeaders[kind]];
  if (sent === undefined) return false;
  const expected = (secret: string): string =>
    kind === 'service-now' ? secret : `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  // Compares with all, so that the time does not reveal which one is right.
  return secrets.map((secret) => isSame(sent, expected(secret))).includes(true);
}

/** Digests have the same length, which the comparison needs. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

/** The same for every attempt of one delivery. */
export function deliveryIdOf(headers: Headers, body: Uint8Array): string {
  const named = headers['x-atlassian-webhook-identifier'] ?? headers['x-delivery-id'];
  return createHash('sha256')
    .update(named === undefined ? body : `id ${named}`)
    .digest('hex')
    .slice(0, 32);
}
