import { now } from '../../core/runtime/clock.ts';
import type { Expression } from '../../core/table/expression.ts';
import { absent } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { readConversation } from '../log/conversation-store.ts';
import { deskSettings } from '../tenants/desk-settings.ts';
import { acceptsMessages, deskTermsOf } from './support-rules.ts';

/** The conversation that a guest's start returns. */
export interface OpenConversation {
  readonly conversationId: string;
}

/** @returns undefined if the guest has none, or if it accepts no messages. */
export async function openConversationOf(principal: Principal): Promise<string | undefined> {
  const open = await readOpen(principal);
  return open !== undefined && (await isOpen(principal, open.conversationId)) ? open.conversationId : undefined;
}

/** The condition under which a new conversation becomes the open one: no other has become it since the read. */
export async function conditionOfOpen(principal: Principal): Promise<Expression | { readonly open: string }> {
  const known = await readOpen(principal);
  if (known === undefined) return absent;
  if (await isOpen(principal, known.conversationId)) return { open: known.conversationId };
  return { expression: '#conversationId = :known', values: { known: known.conversationId } };
}

function readOpen({ scope, userId }: Principal) {
  return tenantTable(scope).get<OpenConversation>(keys.openSupport(userId), { consistent: true });
}

async function isOpen({ scope }: Principal, conversationId: string): Promise<boolean> {
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support') return false;
  return acceptsMessages(item.support, deskTermsOf(await deskSettings(scope)), now());
}
