import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { answerBytes } from './delivery-item.ts';

const boundTo = (scope: TenantScope, deliveryId: string, field: 'body' | 'answer') =>
  [scope.tenantId, 'delivery', deliveryId, field] as const;

export function sealBody(keys: TenantKeys, scope: TenantScope, deliveryId: string, body: string): Uint8Array {
  return encryptField(keys, boundTo(scope, deliveryId, 'body'), body);
}

export function openBody(keys: TenantKeys, scope: TenantScope, deliveryId: string, body: Uint8Array): string {
  return decryptField(keys, boundTo(scope, deliveryId, 'body'), body);
}

/** Keeps the beginning. */
export function sealAnswer(keys: TenantKeys, scope: TenantScope, deliveryId: string, answer: string): Uint8Array {
  return encryptField(keys, boundTo(scope, deliveryId, 'answer'), cutAnswer(answer));
}

export function openAnswer(keys: TenantKeys, scope: TenantScope, deliveryId: string, answer: Uint8Array): string {
  return decryptField(keys, boundTo(scope, deliveryId, 'answer'), answer);
}

/** At most {@link answerBytes} in UTF-8. Does not cut a character. */
export function cutAnswer(answer: string): string {
  const bytes = Buffer.from(answer.toWellFormed(), 'utf8');
  if (bytes.length <= answerBytes) return bytes.toString('utf8');
  return bytes
    .subarray(0, answerBytes)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}
