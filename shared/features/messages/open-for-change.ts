import { conversationNotFound } from '../../contract/problems.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import type { LogOwner } from '../log/log-content.ts';
import { openConversation, type OpenConversation } from '../log/open-conversation.ts';

/** What a change of a conversation or its messages needs to know. */
export interface ChangeContext extends LogOwner {
  readonly conversation: OpenConversation;
  readonly settings: TenantSettings;
}

/** Opens a conversation to write to it; refuses where the user takes no part. */
export async function openForChange(
  principal: Principal,
  conversationId: string,
): Promise<ChangeContext | Refusal<typeof conversationNotFound>> {
  const { scope } = principal;
  const [conversation, settings, keys] = await settleAll([
    openConversation(scope, conversationId, principal.userId),
    tenantSettings(scope),
    tenantKeys(scope),
  ]);
  return conversation === undefined
    ? refuse(conversationNotFound)
    : { conversation, settings, keys, scope, conversationId };
}
