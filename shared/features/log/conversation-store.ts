import { conversationIdOf, keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { fromStoredConversation, type StoredConversation } from './conversation-codec.ts';
import type { ConversationItem } from './conversation-item.ts';

/** Reads consistently. */
export async function readConversation(
  scope: TenantScope,
  conversationId: string,
): Promise<ConversationItem | undefined> {
  const key = keys.conversation(conversationId);
  const stored = await tenantTable(scope).get<StoredConversation>(key, { consistent: true });
  return stored && fromStoredConversation(stored);
}

/** Returns the items by conversation id. Eventually consistent unless `consistent` is set. */
export async function readConversations(
  scope: TenantScope,
  ids: readonly string[],
  options: { readonly consistent?: boolean } = {},
): Promise<ReadonlyMap<string, ConversationItem>> {
  const items = await tenantTable(scope).batchGet<StoredConversation>(
    ids.map((id) => keys.conversation(id)),
    options,
  );
  return new Map(items.map((item) => [conversationIdOf(item), fromStoredConversation(item)]));
}
