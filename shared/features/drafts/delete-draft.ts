import type { deleteDraft as deleteDraftRoute } from '../../contract/drafts/delete-draft.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import { type draftChanged } from '../../contract/drafts/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { loadAccess } from '../log/load-conversation.ts';
import { announceDraft } from './announce-draft.ts';
import { refusalOfRevision } from './draft-refusal.ts';
import { removeDraft } from './draft-store.ts';

export async function deleteDraft(
  principal: Principal,
  { conversationId, revision }: InputOf<typeof deleteDraftRoute>,
): Promise<void | Refusal<typeof conversationNotFound | typeof draftChanged>> {
  const { scope, userId } = principal;
  if ((await loadAccess(principal, conversationId)) === undefined) return refuse(conversationNotFound);
  const outcome = await removeDraft({ scope, userId, conversationId }, revision);
  if (!outcome.removed) return refusalOfRevision(outcome.revision);
  if (outcome.revision !== undefined) await announceDraft(principal, conversationId, { revision: outcome.revision });
}
