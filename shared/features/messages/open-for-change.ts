import { conversationNotFound } from '../../contract/problems.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import type { LogOwner } from '../log/log-content.ts';
import { ownerOf } from '../log/log-owner.ts';
import { loadToWrite, type WritableConversation } from '../log/load-conversation.ts';

export interface ChangeContext extends LogOwner {
  readonly conversation: WritableConversation;
  readonly settings: TenantSettings;
}

/** Refuses if the user has no access. */
export async function openForChange(
  principal: Principal,
  conversationId: string,
): Promise<ChangeContext | Refusal<typeof conversationNotFound>> {
  const { scope } = principal;
  const [conversation, settings] = await settleAll([
    loadToWrite(principal, conversationId),
    tenantSettings(scope),
    tenantKeys(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  return { conversation, settings, ...(await ownerOf(conversation)) };
}
