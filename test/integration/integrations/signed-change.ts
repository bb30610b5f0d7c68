import { createHmac } from 'node:crypto';
import type { HttpRequest } from '../raw-client.ts';

/** A message as Jira signs it. */
export function signedChange(secret: string, change: object): HttpRequest {
  const body = JSON.stringify(change);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { raw: body, headers: { 'content-type': 'application/json', 'x-hub-signature': `sha256=${signature}` } };
}
