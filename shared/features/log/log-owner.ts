import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import type { ConversationItem } from './conversation-item.ts';
import type { LogOwner } from './log-content.ts';
import type { LogAddress } from './log-store.ts';

interface OwnedLog extends LogAddress {
  readonly item: ConversationItem;
}

/** Returns a log with the keys of its content. A support conversation has its own keys, until its customer wipes it. */
export async function ownerOf({ scope, conversationId, item }: OwnedLog): Promise<LogOwner> {
  if (item.kind !== 'support') return { scope, conversationId, keys: await tenantKeys(scope) };
  const keys = item.support.wipedAt === undefined ? await supportKeys({ scope, conversationId }) : undefined;
  return keys === undefined
    ? { scope, conversationId, keys: await tenantKeys(scope), isErased: true }
    : { scope, conversationId, keys };
}

/** @returns undefined if the keys were destroyed. */
async function supportKeys({ scope, conversationId }: LogAddress): Promise<TenantKeys | undefined> {
  // Loaded only when needed, so that the functions of all other messages start faster.
  const { conversationOwner, ownedKeys } = await import('../../core/encryption/owned-keys.ts');
  return ownedKeys(scope, conversationOwner(conversationId));
}
