import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConversationItem } from '../log/conversation-item.ts';

/** Where a group's name belongs: an older one does not pass for a newer. */
function place(scope: TenantScope, conversationId: string, revision: number): readonly string[] {
  return [scope.tenantId, conversationId, 'name', String(revision)];
}

export function sealName(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  revision: number,
  name: string,
): NonNullable<ConversationItem['name']> {
  return { revision, value: encryptField(keys, place(scope, conversationId, revision), name) };
}

/** The name of a group; nothing for a direct conversation. */
export function openName(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  { name }: Pick<ConversationItem, 'name'>,
): string | undefined {
  return name && decryptField(keys, place(scope, conversationId, name.revision), name.value);
}
