import { timingSafeEqual } from 'node:crypto';
import { blindIndex } from '../../core/encryption/field-cipher.ts';
import { config } from '../../core/runtime/config.ts';
import type { OpenTenant } from '../identity/account-store.ts';
import { withFragment } from './page-addresses-rules.ts';
import { formOf, type Subscriber } from './unsubscribe-token-rules.ts';

/** The page asks first. The other address unsubscribes at once, and only mail programs post to it (RFC 8058). */
export function unsubscribeLinks(tenant: OpenTenant, subscriber: Subscriber) {
  const token = unsubscribeToken(tenant, subscriber);
  return {
    page: withFragment(`${config.publicUrl}/unsubscribe`, { token }),
    oneClick: `${config.publicUrl}/api/v1/mail/unsubscribe?${new URLSearchParams({ token }).toString()}`,
  };
}

/** Without an end: a mail can be found years later. It only unsubscribes. */
export function unsubscribeToken({ scope, keys }: OpenTenant, subscriber: Subscriber): string {
  const form = formOf(scope.tenantId, subscriber);
  return `${form}.${blindIndex(keys, 'unsubscribe', form)}`;
}

export function isGenuine(tenant: OpenTenant, subscriber: Subscriber, token: string): boolean {
  const [expected, given] = [Buffer.from(unsubscribeToken(tenant, subscriber)), Buffer.from(token)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
