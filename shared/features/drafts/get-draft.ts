import { conversationNotFound } from '../../contract/problems.ts';
import { draftNotFound } from '../../contract/drafts/problems.ts';
import type { Draft } from '../../contract/schemas/draft.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readDraft } from './draft-store.ts';

export async function getDraft(
  principal: Principal,
  { conversationId }: { readonly conversationId: string },
): Promise<Draft | Refusal<typeof conversationNotFound | typeof draftNotFound>> {
  const { scope, userId } = principal;
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { keys, isErased } = await ownerOf(conversation);
  if (isErased === true) return refuse(draftNotFound);
  return (await readDraft({ scope, userId, conversationId, keys })) ?? refuse(draftNotFound);
}
