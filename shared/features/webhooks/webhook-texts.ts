import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

type Field = 'url' | 'description' | 'secret';

/** URLs often contain keys. */
export function sealText(keys: TenantKeys, scope: TenantScope, webhookId: string, field: Field, text: string) {
  return encryptField(keys, [scope.tenantId, 'webhook', webhookId, field], text);
}

export function openText(keys: TenantKeys, scope: TenantScope, webhookId: string, field: Field, value: Uint8Array) {
  return decryptField(keys, [scope.tenantId, 'webhook', webhookId, field], value);
}
