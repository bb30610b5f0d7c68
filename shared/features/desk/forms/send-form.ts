import type { sendForm as sendFormRoute } from '../../../contract/desk/forms.ts';
import { notASupportConversation } from '../../../contract/desk/problems.ts';
import { conversationNotFound } from '../../../contract/problems.ts';
import { notAForm, templateNotFound } from '../../../contract/templates/problems.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { lastLogSeq } from '../../../core/table/keys.ts';
import type { Principal } from '../../../core/tenancy/principal.ts';
import type { InputOf } from '../../../core/use-case.ts';
import { clockLeadMs } from '../../log/append.ts';
import { claimedTime } from '../../log/client-message-id.ts';
import { messageKind } from '../../log/entry-kinds.ts';
import { loadToWrite, type WritableConversation } from '../../log/load-conversation.ts';
import type { LogEntry } from '../../log/log-entry.ts';
import { ownerOf } from '../../log/log-owner.ts';
import { searchBack } from '../../log/log-store.ts';
import { countUse } from '../../templates/template-uses.ts';
import { visibleTemplate } from '../../templates/visible-template.ts';
import { contentOf } from '../../timeline/message-view.ts';
import { type DeskMessageOutcome, sendDeskMessage } from '../send-desk-message.ts';
import { formContent } from './form-rules.ts';

type Problem = typeof conversationNotFound | typeof notASupportConversation | typeof templateNotFound | typeof notAForm;

/** The form is a reply of the agent. A repeated request returns the stored form, also if the template has changed. */
export async function sendForm(
  principal: Principal,
  { conversationId, templateId, values, seenSeq, clientMessageId }: InputOf<typeof sendFormRoute>,
): Promise<DeskMessageOutcome | Refusal<Problem>> {
  const conversation = await loadToWrite(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  if (conversation.item.kind !== 'support') return refuse(notASupportConversation);
  if (!conversation.access.audiences.includes('agents')) return refuse(conversationNotFound);
  const template = await visibleTemplate(principal, templateId);
  if (template === undefined || template.deletedAt !== undefined) return refuse(templateNotFound);
  if (template.kind !== 'form') return refuse(notAForm);
  const sent = await sendDeskMessage({
    principal,
    conversation,
    kind: messageKind,
    content: formContent(template, values),
    clientMessageId,
    seenSeq,
    findOriginal: () => formSentBefore(principal, conversation, { templateId, clientMessageId }),
  });
  if ('message' in sent) await countUse(principal, templateId, clientMessageId);
  return sent;
}

/** A template may change between a request and its repetition. */
async function formSentBefore(
  { userId }: Principal,
  conversation: WritableConversation,
  { templateId, clientMessageId }: { readonly templateId: string; readonly clientMessageId: string },
): Promise<LogEntry | undefined> {
  const owner = await ownerOf(conversation);
  const since = claimedTime(clientMessageId) - clockLeadMs;
  for await (const page of searchBack(conversation, lastLogSeq, since)) {
    const original = page.find((entry) => entry.senderId === userId && entry.clientMessageId === clientMessageId);
    if (original === undefined) continue;
    return contentOf(owner, original)?.form?.templateId === templateId ? original : undefined;
  }
  return undefined;
}
