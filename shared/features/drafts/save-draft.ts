import type { saveDraft as saveDraftRoute } from '../../contract/drafts/save-draft.ts';
import { conversationNotFound, type messageTooLong } from '../../contract/problems.ts';
import { type draftChanged } from '../../contract/drafts/problems.ts';
import type { Draft } from '../../contract/schemas/draft.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { ownerOf } from '../log/log-owner.ts';
import { refusalOfText } from '../tenants/text-refusal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { announceDraft } from './announce-draft.ts';
import { refusalOfRevision } from './draft-refusal.ts';
import { writeDraft } from './draft-store.ts';

export async function saveDraft(
  principal: Principal,
  { conversationId, text, replyTo, revision }: InputOf<typeof saveDraftRoute>,
): Promise<Draft | Refusal<typeof conversationNotFound | typeof draftChanged | typeof messageTooLong>> {
  const { scope, userId } = principal;
  const [conversation, settings] = await settleAll([loadToRead(principal, conversationId), tenantSettings(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const excess = refusalOfText(text, principal.role, settings.textLength);
  if (excess !== undefined) return excess;

  const { keys, isErased } = await ownerOf(conversation);
  if (isErased === true)
    return refuse(conversationNotFound, { detail: 'The content of the conversation was deleted.' });
  const { written, draft } = await writeDraft({ scope, userId, conversationId, keys }, { text, replyTo }, revision);
  if (!written) {
    // A repeated request finds what the first one wrote.
    const isSame = draft !== undefined && draft.text === text && draft.replyTo === replyTo;
    return isSame ? draft : refusalOfRevision(draft?.revision ?? 0);
  }
  if (draft === undefined) throw new Error('A saved draft has expired');
  await announceDraft(principal, conversationId, {
    revision: draft.revision,
    text,
    ...(replyTo === undefined ? {} : { replyTo }),
  });
  return draft;
}
