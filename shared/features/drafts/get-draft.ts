import { conversationNotFound } from '../../contract/problems.ts';
import { draftNotFound } from '../../contract/drafts/problems.ts';
import type { Draft } from '../../contract/schemas/draft.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { loadAccess } from '../log/load-conversation.ts';
import { readDraft } from './draft-store.ts';

export async function getDraft(
  principal: Principal,
  { conversationId }: { readonly conversationId: string },
): Promise<Draft | Refusal<typeof conversationNotFound | typeof draftNotFound>> {
  const { scope, userId } = principal;
  if ((await loadAccess(principal, conversationId)) === undefined) return refuse(conversationNotFound);
  return (await readDraft({ scope, userId, conversationId })) ?? refuse(draftNotFound);
}
