import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { GroupConversation, SealedName } from '../log/conversation-item.ts';

/** An old name cannot replace a name of a newer revision. */
function boundTo(scope: TenantScope, conversationId: string, revision: number): readonly string[] {
  return [scope.tenantId, conversationId, 'name', String(revision)];
}

export function sealName(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  revision: number,
  name: string,
): SealedName {
  return { revision, value: encryptField(keys, boundTo(scope, conversationId, revision), name) };
}

export function openName(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  { name }: Pick<GroupConversation, 'name'>,
): string {
  return decryptField(keys, boundTo(scope, conversationId, name.revision), name.value);
}
