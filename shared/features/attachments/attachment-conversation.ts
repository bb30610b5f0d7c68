import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { type Access, accessTo } from '../log/access.ts';
import { readConversation } from '../log/conversation-store.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readerOf } from '../log/reader.ts';

/** The conversation of an attachment, with the keys of its content. They encrypt the names of its files. */
export interface AttachmentConversation {
  readonly access: Access;
  readonly keys: TenantKeys;
}

/** Undefined without access, and after the customer wiped the conversation. Reads consistently. */
export async function openConversation(
  principal: Principal,
  conversationId: string,
): Promise<AttachmentConversation | undefined> {
  const { scope } = principal;
  const item = await readConversation(scope, conversationId);
  const access = item && accessTo(item, await readerOf(principal, item));
  if (item === undefined || access === undefined) return undefined;
  const { keys, isErased } = await ownerOf({ scope, conversationId, item });
  return isErased === true ? undefined : { access, keys };
}
